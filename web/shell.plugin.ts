// Writes the service worker beside the built screens: which files it keeps, and a name for this build.
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import type { Plugin } from 'vite';

const SOURCE = fileURLToPath(new URL('./apps/agent/sw.js', import.meta.url));
const ICONS = ['/icons/icon-192.png', '/icons/badge-96.png', '/manifest.webmanifest'];

export function serviceWorker(): Plugin {
  return {
    name: 'polyphony-service-worker',
    apply: 'build',
    generateBundle(_, bundle) {
      const built = Object.keys(bundle)
        .filter((name) => name.startsWith('assets/'))
        .sort()
        .map((name) => `/${name}`);
      const files = [...built, ...ICONS];
      const source = readFileSync(SOURCE, 'utf8');
      const build = createHash('sha256').update(source).update(files.join()).digest('hex');
      this.emitFile({
        type: 'asset',
        fileName: 'sw.js',
        source: source
          .replace('__BUILD__', build.slice(0, 16))
          .replace("['__FILES__']", JSON.stringify(files)),
      });
    },
  };
}

const FIRST_LOAD_KB = 220;

/** Fails the build when what the first screen needs has grown too large: scripts and the largest core of texts, packed. */
export function firstLoad(): Plugin {
  return {
    name: 'polyphony-first-load',
    apply: 'build',
    generateBundle(_, bundle) {
      const chunks = Object.values(bundle).filter((one) => one.type === 'chunk');
      const named = new Map(chunks.map((one) => [one.fileName, one]));
      const needed = new Set<string>();
      const need = (name: string): void => {
        if (needed.has(name)) return;
        needed.add(name);
        named.get(name)?.imports.forEach(need);
      };
      chunks.filter((one) => one.isEntry).forEach((one) => need(one.fileName));
      const packed = (name: string): number =>
        gzipSync(named.get(name)?.code ?? '', { level: 9 }).length / 1024;
      const texts = chunks.filter((one) =>
        /virtual:texts\/\w+\/core$/.test(one.facadeModuleId ?? ''),
      );
      const words = Math.max(...texts.map((one) => packed(one.fileName)));
      const scripts = [...needed].reduce((sum, name) => sum + packed(name), 0);
      const all = scripts + words;
      this.info(
        `first load ${all.toFixed(1)} KB of ${FIRST_LOAD_KB}: scripts ${scripts.toFixed(1)}, texts ${words.toFixed(1)}`,
      );
      if (texts.length === 0)
        this.error('no core of texts: what was measured is not the first load');
      if (all > FIRST_LOAD_KB) this.error(`the first load is too large: ${all.toFixed(1)} KB`);
    },
  };
}
