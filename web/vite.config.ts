// Builds the agent workspace into the Python package: static/agent/index.html and its assets.
import react from '@vitejs/plugin-react';
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vite';
import { alias } from './aliases.ts';
import { firstLoad, serviceWorker } from './shell.plugin.ts';
import { texts } from './texts.plugin.ts';

export default defineConfig({
  root: fileURLToPath(new URL('./apps/agent', import.meta.url)),
  plugins: [react(), texts(), firstLoad(), serviceWorker()],
  resolve: { alias },
  build: {
    outDir: fileURLToPath(new URL('../src/polyphony/static/agent', import.meta.url)),
    emptyOutDir: true,
    target: 'es2022',
    assetsInlineLimit: 0, // the policy of the page admits no data: scripts or styles
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 400,
  },
});
