// @vitest-environment node
// The catalogues cut into parts: nothing lost, nothing twice, and no screen says what is not there yet.
import { readFileSync } from 'node:fs';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { describe, expect, it } from 'vitest';
import { gzipSync } from 'node:zlib';
import { catalogue, partOf, PARTS, sourcesOf } from '../../texts.plugin';
import cs from './locales/cs.json';
import en from './locales/en.json';
import pl from './locales/pl.json';
import ru from './locales/ru.json';

const WEB = process.cwd();
const ALL: Record<string, Record<string, string>> = { en, cs, pl, ru };
const NAMES = ['core', ...Object.keys(PARTS)];
const place = (path: string): string => relative(WEB, path).split(sep).join('/');

describe.each(Object.keys(ALL))('the parts of %s', (language) => {
  const cut = NAMES.map((part) => catalogue(language, part));

  it('hold every text once', () => {
    expect(cut.flatMap((one) => Object.keys(one)).sort()).toEqual(
      Object.keys(ALL[language] ?? {}).sort(),
    );
    for (const one of cut) expect(Object.keys(one).length).toBeGreaterThan(3);
  });

  it('keep what is said from the first moment small', () => {
    const [core = {}] = cut;
    expect(gzipSync(JSON.stringify(core)).length).toBeLessThan(22 * 1024);
  });
});

it('fetches the screens of a part with its texts: nobody imports them beside that', () => {
  const wrong: string[] = [];
  for (const path of sourcesOf()) {
    const mine = partOf(place(path));
    for (const [, name = ''] of readFileSync(path, 'utf8').matchAll(
      /^import (?!type)[^;]*? from '([^']+)'/gm,
    )) {
      const file = name.startsWith('@agent/')
        ? `apps/agent/src/${name.slice(7)}`
        : name.startsWith('.')
          ? place(resolve(dirname(path), name))
          : '';
      for (const end of ['.tsx', '.ts'])
        if (file && partOf(file + end) !== 'core' && partOf(file + end) !== mine) {
          const there = [...sourcesOf()].includes(join(WEB, file + end));
          if (there) wrong.push(`${place(path)} imports ${file}`);
        }
    }
  }
  expect(wrong).toEqual([]);
});

it('knows keys that are put together, and leaves what nobody names in the core', () => {
  const core = catalogue('en', 'core');
  const admin = catalogue('en', 'admin');
  expect(Object.keys(core)).toContain('case.moved.solve');
  expect(Object.keys(admin).some((key) => key.startsWith('rules.'))).toBe(true);
  expect(Object.keys(core).some((key) => key.startsWith('guide.'))).toBe(false);
});
