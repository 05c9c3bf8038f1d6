// The path aliases of tsconfig.json for the bundler and the unit tests: folders, not packages.
import { fileURLToPath } from 'node:url';

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

export const alias: Record<string, string> = {
  'react-i18next': here('./packages/i18n/hook.ts'),
  '@sync': here('./packages/sync'),
  '@api': here('./packages/api'),
  '@ui': here('./packages/ui'),
  '@i18n': here('./packages/i18n'),
  '@keys': here('./packages/keys'),
  '@agent': here('./apps/agent/src'),
};
