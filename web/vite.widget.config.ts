// Builds the customers' widget into static/widget: w.js (the loader), app.js, words per language.
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { type InlineConfig, type Plugin, build, defineConfig } from 'vite';

const at = (path: string) => fileURLToPath(new URL(path, import.meta.url));
const STATIC = at('../src/polyphony/static');
const LANGUAGES = ['en', 'cs', 'pl', 'ru'];

const words = LANGUAGES.map((code) => {
  const held: unknown = JSON.parse(readFileSync(at(`./apps/widget/words/${code}.json`), 'utf8'));
  return [code, JSON.stringify(held)] as const;
});
const wordsVersion = digest(words.map(([, text]) => text).join());

function digest(data: string | Uint8Array): string {
  return createHash('sha256').update(data).digest('hex').slice(0, 12);
}

/** The loader names the version of the app, so that caches never mix them. */
function loader(): Plugin {
  return {
    name: 'widget-loader',
    apply: 'build',
    async closeBundle() {
      mkdirSync(`${STATIC}/widget`, { recursive: true });
      for (const [code, text] of words) writeFileSync(`${STATIC}/widget/${code}.json`, text);
      const version = digest(readFileSync(`${STATIC}/widget/app.js`));
      await build(single(at('./apps/widget/loader.ts'), `${STATIC}/widget`, 'w.js', { version }));
    },
  };
}

function single(
  entry: string,
  outDir: string,
  file: string,
  known: { version?: string } = {},
): InlineConfig {
  return {
    configFile: false,
    publicDir: false,
    logLevel: 'warn',
    oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
    define: {
      'process.env.NODE_ENV': '"production"',
      WORDS_VERSION: JSON.stringify(wordsVersion),
      WIDGET_VERSION: JSON.stringify(known.version ?? ''),
    },
    build: {
      outDir,
      emptyOutDir: false,
      target: 'es2022',
      minify: true,
      modulePreload: false,
      lib: { entry, formats: ['iife'], name: 'PolyphonyWidget', fileName: () => file },
    },
  };
}

export default defineConfig({
  ...single(at('./apps/widget/src/main.tsx'), `${STATIC}/widget`, 'app.js'),
  plugins: [loader()],
});
