// Writes the service worker beside the built screens: which files it keeps, and a name for this build.
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
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
