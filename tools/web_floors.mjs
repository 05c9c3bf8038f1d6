// The floors of the front end, checked on TypeScript's own syntax tree; prints every fault, exits 1.
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';

const WEB = fileURLToPath(new URL('../web/', import.meta.url));
const root = process.argv[2] ?? WEB;
const ts = createRequire(join(WEB, 'package.json'))('typescript');

const FILE_LINES = 300;
const COMPONENT_LINES = 120;
const NO_REACT = ['packages/sync', 'packages/keys', 'packages/api'];
const SPOKEN_ATTRIBUTES = new Set(['aria-label', 'title', 'placeholder', 'alt', 'label', 'hint']);
const COLOUR = /#[0-9a-fA-F]{3,8}\b|\b(?:rgb|hsl|oklch|lab|lch)a?\(/;
const SKIPPED = new Set(['node_modules', 'dist', 'widget', 'e2e']);

const faults = [];

function* files(folder) {
  for (const name of readdirSync(folder).sort()) {
    if (SKIPPED.has(name)) continue;
    const path = join(folder, name);
    if (statSync(path).isDirectory()) yield* files(path);
    else yield path;
  }
}

const place = (path) => relative(root, path).split(sep).join('/');
const fault = (path, line, words) => faults.push(`${place(path)}:${line}: ${words}`);

const feature = (path) => /apps\/[a-z]+\/src\/features\/([^/]+)\//.exec(place(path))?.[1];
const featureOfImport = (name) => /@agent\/features\/([^/]+)/.exec(name)?.[1];

function checkImport(path, line, name) {
  const here = place(path);
  const mine = feature(path);
  const other = featureOfImport(name);
  if (mine && other && mine !== other) fault(path, line, `feature ${mine} imports feature ${other}`);
  if (mine && /^\.\.\/(?!\.\.)/.test(name)) fault(path, line, 'a feature reaches beside itself');
  if (here.startsWith('packages/') && name.startsWith('@agent/')) {
    fault(path, line, 'a package imports the application');
  }
  if (here.includes('/src/parts/') || here.includes('/src/data/')) {
    if (other) fault(path, line, `parts and data import no feature (${other})`);
  }
  if (NO_REACT.some((floor) => here.startsWith(floor)) && /^(react|react-dom|preact)(\/|$)/.test(name)) {
    if (!here.includes('.test.')) fault(path, line, 'this package knows no React');
  }
}

/** Words a person would read that do not come from the catalogue. */
const wordy = (text) => /\p{L}{2,}/u.test(text.replaceAll(/&[a-z]+;/g, ''));

function checkNode(path, source, node) {
  const line = source.getLineAndCharacterOfPosition(node.getStart(source)).line + 1;
  const test = path.includes('.test.');
  if (node.kind === ts.SyntaxKind.AnyKeyword) fault(path, line, 'any');
  if (ts.isImportDeclaration(node)) checkImport(path, line, node.moduleSpecifier.text);
  if (test) return;
  if (ts.isJsxText(node) && wordy(node.text)) fault(path, line, `literal text: ${node.text.trim()}`);
  if (ts.isJsxAttribute(node) && node.initializer && ts.isStringLiteral(node.initializer)) {
    const name = node.name.getText(source);
    if (SPOKEN_ATTRIBUTES.has(name) && wordy(node.initializer.text)) {
      fault(path, line, `literal ${name}: ${node.initializer.text}`);
    }
    if (name === 'dangerouslySetInnerHTML') fault(path, line, 'raw HTML');
  }
  if (ts.isStringLiteral(node) && /^#[0-9a-fA-F]{3,8}$/.test(node.text)) {
    fault(path, line, `literal colour ${node.text}`);
  }
  if (ts.isFunctionDeclaration(node) && /^[A-Z]/.test(node.name?.text ?? '')) {
    const first = source.getLineAndCharacterOfPosition(node.getStart(source)).line;
    const last = source.getLineAndCharacterOfPosition(node.end).line;
    if (last - first > COMPONENT_LINES) fault(path, line, `component of ${last - first} lines`);
  }
}

function checkSource(path, text) {
  const kind = path.endsWith('x') ? ts.ScriptKind.TSX : ts.ScriptKind.TS;
  const source = ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true, kind);
  const visit = (node) => {
    checkNode(path, source, node);
    ts.forEachChild(node, visit);
  };
  visit(source);
}

function checkStyle(path, text) {
  if (place(path).endsWith('ui/tokens.css')) return;
  text.split('\n').forEach((row, index) => {
    if (COLOUR.test(row)) fault(path, index + 1, `literal colour: ${row.trim()}`);
    if (/url\(\s*['"]?https?:/.test(row)) fault(path, index + 1, 'foreign address');
  });
}

/** A command without a name in every language is no command. */
function checkCommands(path, text, known) {
  const names = [...text.matchAll(/command: '(\w+)'/g)].map((found) => found[1]);
  if (names.length < 40) fault(path, 1, 'the table of commands cannot be read');
  for (const name of [...names, 'view']) {
    if (!known.has(`command.${name}`)) fault(path, 0, `command ${name} has no name`);
  }
}

/** Every key a source names stands in the catalogues; every catalogue has the same keys. */
function checkKeys(sources) {
  const folder = join(root, 'packages/i18n/locales');
  const read = (name) => Object.keys(JSON.parse(readFileSync(join(folder, `${name}.json`), 'utf8')));
  const stem = (key) => key.replace(/_(one|few|many|other)$/, '');
  const known = new Set(read('en').map(stem));
  for (const language of ['cs', 'pl', 'ru']) {
    const own = new Set(read(language).map(stem));
    for (const key of known) if (!own.has(key)) faults.push(`locales/${language}.json: ${key} is missing`);
    for (const key of own) if (!known.has(key)) faults.push(`locales/${language}.json: ${key} is too many`);
  }
  for (const [path, text] of sources) {
    if (place(path) === 'packages/keys/table.ts') checkCommands(path, text, known);
    for (const found of text.matchAll(/\bt\(\s*'([a-z_]+(?:\.[a-z_0-9]+)+)'/g)) {
      if (!known.has(found[1])) fault(path, 0, `text ${found[1]} is in no catalogue`);
    }
  }
}

const sources = [];
for (const path of files(root)) {
  if (!/\.(tsx?|css)$/.test(path)) continue;
  const text = readFileSync(path, 'utf8');
  const lines = text.split('\n').length - 1;
  if (path.endsWith('.css')) checkStyle(path, text);
  else {
    if (lines > FILE_LINES) fault(path, 1, `${lines} lines, ${FILE_LINES} at most`);
    checkSource(path, text);
    if (!path.includes('.test.')) sources.push([path, text]);
  }
}
if (!process.argv[2]) checkKeys(sources);

if (faults.length > 0) {
  console.error(faults.join('\n'));
  process.exit(1);
}
console.log(`web floors: ${sources.length} sources, no fault`);
