// @vitest-environment node
// Contrast of every pair of colours that meet on a screen, in four looks (WCAG 1.4.3, 1.4.6, 1.4.11).
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

const css = readFileSync(join(process.cwd(), 'packages/ui/tokens.css'), 'utf8');

function block(selector: string): Map<string, string> {
  const start = css.indexOf(`${selector} {`);
  const text = css.slice(start, css.indexOf('\n}', start)).replaceAll(/\/\*[^]*?\*\//g, '');
  const found = new Map<string, string>();
  for (const [, name = '', value = ''] of text.matchAll(/(--[\w-]+):\s*([^;]+);/g))
    found.set(name, value.trim());
  return found;
}

const plain = block(':root');
const contrast = new Map([...plain, ...block(":root[data-theme='contrast']")]);

/** The colour a token comes to, through other tokens and the side of light-dark(). */
function colour(tokens: Map<string, string>, name: string, dark: boolean): string {
  let value = tokens.get(name) ?? '';
  const sides = /^light-dark\((.+),\s*(.+)\)$/.exec(value);
  if (sides) value = (dark ? sides[2] : sides[1]) ?? '';
  const other = /^var\((--[\w-]+)\)$/.exec(value)?.[1];
  if (other) return colour(tokens, other, dark);
  if (!/^#[0-9a-f]{6}$/.test(value)) throw new Error(`${name} is no plain colour: ${value}`);
  return value;
}

function luminance(hex: string): number {
  const [r = 0, g = 0, b = 0] = [1, 3, 5]
    .map((at) => parseInt(hex.slice(at, at + 2), 16) / 255)
    .map((one) => (one <= 0.04045 ? one / 12.92 : ((one + 0.055) / 1.055) ** 2.4));
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

function ratio(a: string, b: string): number {
  const [high = 0, low = 0] = [luminance(a), luminance(b)].sort((x, y) => y - x);
  return (high + 0.05) / (low + 0.05);
}

const SURFACES = ['canvas', 'surface', 'raised', 'sunken', 'hover', 'selected'];
const pairs = (words: string[], grounds: string[]): [string, string][] =>
  words.flatMap((word) => grounds.map((ground): [string, string] => [word, ground]));

/** Words on grounds: 4.5 : 1, in high contrast 7 : 1. */
const READ = [
  ...pairs(['text', 'text-soft', 'text-faint'], SURFACES),
  ...pairs(['accent', 'accent-strong'], ['surface', 'raised', 'canvas', 'accent-tint']),
  ...pairs(['good', 'warn', 'bad'], ['surface', 'raised', 'canvas', 'sunken']),
  ...pairs(['text', 'text-soft'], ['bubble-in', 'bubble-out', 'note']),
  ...pairs(['text'], ['good-tint', 'warn-tint', 'bad-tint', 'accent-tint']),
  ['good', 'good-tint'],
  ['warn', 'warn-tint'],
  ['bad', 'bad-tint'],
  ['note-text', 'note'],
  ['on-accent', 'accent'],
  ['on-accent', 'accent-strong'],
  ...pairs(
    ['avatar-text'],
    ['avatar-0', 'avatar-1', 'avatar-2', 'avatar-3', 'avatar-4', 'avatar-5'],
  ),
] as [string, string][];

/** Edges of controls and the focus: 3 : 1. */
const SEEN = pairs(['line-strong', 'focus'], ['canvas', 'surface', 'raised', 'sunken']);

describe.each([
  ['light', plain, false, 4.5],
  ['dark', plain, true, 4.5],
  ['contrast, light', contrast, false, 7],
  ['contrast, dark', contrast, true, 7],
] as const)('the look %s', (_, tokens, dark, least) => {
  it.each(READ)('lets %s be read on %s', (word, ground) => {
    const wanted = word.startsWith('avatar') ? 4.5 : least;
    const found = ratio(colour(tokens, `--${word}`, dark), colour(tokens, `--${ground}`, dark));
    expect(found).toBeGreaterThanOrEqual(wanted);
  });

  it.each(SEEN)('lets the edge %s be seen on %s', (line, ground) => {
    const found = ratio(colour(tokens, `--${line}`, dark), colour(tokens, `--${ground}`, dark));
    expect(found).toBeGreaterThanOrEqual(3);
  });
});

it('names no palette colour outside the tokens', () => {
  const palette = [...plain.keys()].filter((name) => /^--(\w+)-\d+$/.test(name));
  const paints = palette.filter((name) => /^#/.test(plain.get(name) ?? '') && !/avatar/.test(name));
  expect(paints.length).toBeGreaterThan(30);
  for (const file of ['base', 'controls', 'marks', 'layers', 'panels'])
    for (const paint of paints)
      expect(readFileSync(join(process.cwd(), `packages/ui/${file}.css`), 'utf8')).not.toContain(
        `var(${paint})`,
      );
});
