// Unit tests of the packages and the screens; browser journeys live in e2e and run by node.
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vitest/config';
import { alias } from './aliases.ts';
import { texts } from './texts.plugin.ts';

export default defineConfig({
  plugins: [react(), texts()],
  resolve: { alias },
  test: {
    environment: 'jsdom',
    include: ['apps/**/*.test.{ts,tsx}', 'packages/**/*.test.{ts,tsx}'],
    setupFiles: ['./vitest.setup.ts'],
    maxWorkers: 2,
    // One DOM for each worker, not for each file: making them took ten times as long as the tests.
    isolate: false,
  },
});
