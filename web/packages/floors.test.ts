// @vitest-environment node
// The floors catch what is planted: a check that cannot fail proves nothing.
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, expect, it } from 'vitest';

const TOOL = join(process.cwd(), '../tools/web_floors.mjs');
const made: string[] = [];

afterEach(() => made.splice(0).forEach((folder) => rmSync(folder, { recursive: true })));

function check(path: string, text: string): { status: number | null; words: string } {
  const root = mkdtempSync(join(tmpdir(), 'floors-'));
  made.push(root);
  mkdirSync(join(root, dirname(path)), { recursive: true });
  writeFileSync(join(root, path), text);
  const done = spawnSync(process.execPath, [TOOL, root], { encoding: 'utf8' });
  return { status: done.status, words: done.stderr };
}

const planted: [string, string, string][] = [
  ['packages/sync/a.ts', "import { useState } from 'react';\nuseState();\n", 'knows no React'],
  ['packages/ui/a.ts', "import { x } from '@agent/data/x';\nx();\n", 'imports the application'],
  [
    'apps/agent/src/features/case/a.ts',
    "import { x } from '@agent/features/inbox/x';\nx();\n",
    'imports feature inbox',
  ],
  ['apps/agent/src/a.ts', 'export const a: any = 1;\n', 'any'],
  ['apps/agent/src/a.tsx', 'export const a = <p>Hello there</p>;\n', 'literal text'],
  ['apps/agent/src/a.tsx', 'export const a = <p aria-label="Close it" />;\n', 'literal aria-label'],
  ['apps/agent/src/a.css', '.a { color: #ff0000; }\n', 'literal colour'],
  [
    'apps/agent/src/a.css',
    ".a { background: url('https://example.org/x.png'); }\n",
    'foreign address',
  ],
  ['apps/agent/src/a.ts', 'export const a = 1;\n'.repeat(301), '300 at most'],
  ['apps/agent/src/a.tsx', `export function Big() {\n${'  0;\n'.repeat(130)}}\n`, 'component of'],
];

/** Each case starts a program of its own: on a machine that is busy that takes a while. */
const BUSY_MS = 60_000;

it.each(planted)(
  'catches a fault in %s',
  (path, text, words) => {
    const found = check(path, text);
    expect(found.status).toBe(1);
    expect(found.words).toContain(words);
  },
  BUSY_MS,
);

it(
  'lets clean code pass',
  () => {
    expect(check('apps/agent/src/a.ts', 'export const a = 1;\n').status).toBe(0);
  },
  BUSY_MS,
);
