// Cuts each catalogue by where its texts are read: what only a later screen says is fetched with that screen.
//
// The catalogues stay one file a language. A text belongs to a part when every file that names its key lies in that part's places;
// what nobody names, or several places do, is in the core, which is there from the first moment.
import { readdirSync, readFileSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Plugin } from 'vite';

const WEB = fileURLToPath(new URL('./', import.meta.url));
const LOCALES = join(WEB, 'packages/i18n/locales');
const READ = ['apps/agent/src', 'packages'];
const LANGUAGES = ['en', 'cs', 'pl', 'ru'];
const ID = 'virtual:texts';
const INNER = `\0${ID}`;

/** Where a part's screens live; all of them are fetched by `late`, none is imported beside it. */
export const PARTS: Readonly<Record<string, RegExp>> = {
  admin: /^apps\/agent\/src\/features\/admin\//,
  settings: /^apps\/agent\/src\/features\/profile\//,
  match: /^apps\/agent\/src\/features\/customer\/match\//,
  share: /^apps\/agent\/src\/features\/share\//,
  levers: /^apps\/agent\/src\/features\/levers\//,
  board: /^apps\/agent\/src\/(features\/(board|console)|parts\/board)\/|routes\/Console\./,
  search: /^apps\/agent\/src\/features\/search\//,
  demo: /^apps\/agent\/src\/features\/demo\//,
  dialogs:
    /^apps\/agent\/src\/(features\/case\/(\w+Dialogs?|Callback|Packet|Promises|Listening|Steps|Step(Card|Row))|parts\/(\w+Dialog))\.tsx$/,
};

type Catalogue = Record<string, string>;

const PLURAL = /_(zero|one|two|few|many|other)$/;
const NAMED = /['"`]([a-z_]+\.[\w.]*)(\$\{)?/g;
/** Keys put together from the front: only their end stands in the source. */
const ENDED = /\$\{[^}`]+\}(\.[a-z_.]+)`/g;

function* sources(folder: string): Generator<string> {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) yield* sources(path);
    else if (/\.tsx?$/.test(entry.name) && !entry.name.includes('.test.')) yield path;
  }
}

/** Every file that may name a key. */
export function* sourcesOf(): Generator<string> {
  for (const folder of READ) yield* sources(join(WEB, folder));
}

export const partOf = (file: string): string =>
  Object.entries(PARTS).find(([, place]) => place.test(file))?.[0] ?? 'core';

/** Which part each key belongs to. */
export function parted(keys: readonly string[]): Map<string, string> {
  const whole = new Map<string, Set<string>>();
  const begun = new Map<string, Set<string>>();
  const ended: string[] = [];
  const note = (where: Map<string, Set<string>>, name: string, part: string): void => {
    const parts = where.get(name) ?? new Set();
    where.set(name, parts.add(part));
  };
  for (const path of sourcesOf()) {
    const part = partOf(relative(WEB, path).split(sep).join('/'));
    const text = readFileSync(path, 'utf8');
    for (const [, name = '', open] of text.matchAll(NAMED)) note(open ? begun : whole, name, part);
    if (part === 'core') for (const [, end = ''] of text.matchAll(ENDED)) ended.push(end);
  }
  const heads = [...begun];
  return new Map(
    keys.map((key) => {
      const stem = key.replace(PLURAL, '');
      const parts = new Set([...(whole.get(key) ?? []), ...(whole.get(stem) ?? [])]);
      for (const [head, some] of heads)
        if (key.startsWith(head)) for (const part of some) parts.add(part);
      if (ended.some((end) => stem.endsWith(end))) parts.add('core');
      const [only = 'core'] = parts;
      return [key, parts.size === 1 ? only : 'core'];
    }),
  );
}

const read = (language: string): Catalogue =>
  JSON.parse(readFileSync(join(LOCALES, `${language}.json`), 'utf8')) as Catalogue;

let known: Map<string, string> | undefined;

export function catalogue(language: string, part: string): Catalogue {
  const all = read(language);
  known ??= parted(LANGUAGES.flatMap((one) => Object.keys(read(one))));
  const where = known;
  return Object.fromEntries(Object.entries(all).filter(([key]) => where.get(key) === part));
}

function table(): string {
  const rows = ['core', ...Object.keys(PARTS)].map((part) => {
    const each = LANGUAGES.map((one) => `${one}: () => import('${ID}/${one}/${part}')`);
    return `${part}: { ${each.join(', ')} }`;
  });
  return `export default { ${rows.join(', ')} };`;
}

export function texts(): Plugin {
  return {
    name: 'polyphony-texts',
    buildStart() {
      known = undefined;
    },
    resolveId: (id) => (id.startsWith(ID) ? `\0${id}` : undefined),
    load(id) {
      if (!id.startsWith(INNER)) return undefined;
      const [, language, part] = id.split('/');
      if (!language || !part) return table();
      this.addWatchFile(join(LOCALES, `${language}.json`));
      return `export default ${JSON.stringify(catalogue(language, part))};`;
    },
  };
}
