// Builds the customers' widget into static/widget: loaders, parts named by their content, words.
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { type InlineConfig, type Plugin, build, defineConfig } from 'vite';

const at = (path: string) => fileURLToPath(new URL(path, import.meta.url));
const OUT = at('../src/polyphony/static/widget');
const LANGUAGES = ['en', 'cs', 'pl', 'ru'];

/** Words the first screens need; the rest comes with the part that talks. */
const FIRST =
  'title open close back again offline connecting trouble refused empty write send attach camera ' +
  'remove tooLarge noUpload uploading tooLong closed backAt backOn in inLess inMore before matters done ' +
  'you fresh unread taking';

const words = LANGUAGES.flatMap((code) => {
  const text = readFileSync(at(`./apps/widget/words/${code}.json`), 'utf8');
  const all = Object.entries(JSON.parse(text) as Record<string, unknown>);
  const first = ([key]: [string, unknown]) => FIRST.split(' ').includes(key);
  const pack = (some: [string, unknown][]) => JSON.stringify(Object.fromEntries(some));
  return [
    [code, pack(all.filter(first))],
    [`${code}.talk`, pack(all.filter((one) => !first(one)))],
  ] as const;
});
const wordsVersion = createHash('sha256')
  .update(words.map(([, text]) => text).join())
  .digest('hex')
  .slice(0, 12);

/** The loaders name the parts of this very build, so that caches never mix two of them. */
function loaders(): Plugin {
  return {
    name: 'widget-loaders',
    apply: 'build',
    async closeBundle() {
      mkdirSync(OUT, { recursive: true });
      for (const [code, text] of words) writeFileSync(`${OUT}/${code}.json`, text);
      const parts = readdirSync(`${OUT}/parts`);
      const named = (name: string) =>
        JSON.stringify(`parts/${parts.find((one) => one.startsWith(`${name}-`)) ?? ''}`);
      const define = { APP: named('main'), FRAME: named('frame') };
      for (const name of ['w', 'sdk']) await build(loader(name, define));
      for (const name of readdirSync(OUT, { recursive: true, encoding: 'utf8' }))
        if (/\.(js|json)$/.test(name))
          writeFileSync(
            `${OUT}/${name}.gz`,
            gzipSync(readFileSync(`${OUT}/${name}`), { level: 9 }),
          );
    },
  };
}

function loader(name: string, define: Record<string, string>): InlineConfig {
  return {
    configFile: false,
    publicDir: false,
    logLevel: 'warn',
    define,
    build: {
      outDir: OUT,
      emptyOutDir: false,
      target: 'es2022',
      minify: true,
      modulePreload: false,
      lib: {
        entry: at(`./apps/widget/${name}.ts`),
        formats: ['iife'],
        name: 'PolyphonyLoader',
        fileName: () => `${name}.js`,
      },
    },
  };
}

/** Everything until the first message can be typed: one file. */
const CORE =
  /node_modules.preact|vite.preload|widget.src.(App|Home|Composer|files|http|icons|main|model|outbox|session|sheet|state|storage|style|words)\.tsx?$/;

export default defineConfig({
  publicDir: false,
  logLevel: 'warn',
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  define: {
    'process.env.NODE_ENV': '"production"',
    WORDS_VERSION: JSON.stringify(wordsVersion),
  },
  base: './',
  build: {
    outDir: OUT,
    emptyOutDir: true,
    target: 'es2022',
    minify: true,
    modulePreload: false,
    rollupOptions: {
      input: {
        main: at('./apps/widget/src/main.tsx'),
        inside: at('./apps/widget/src/inside.ts'),
        frame: at('./apps/widget/src/frame.ts'),
      },
      preserveEntrySignatures: 'allow-extension',
      output: {
        format: 'es',
        entryFileNames: (part) => (part.name === 'inside' ? 'inside.js' : 'parts/[name]-[hash].js'),
        chunkFileNames: 'parts/[name]-[hash].js',
        codeSplitting: { groups: [{ name: 'core', test: CORE }] },
      },
    },
  },
  plugins: [loaders()],
});
