// Checks web/package-lock.json: every platform is locked, no registry host is named, all has a hash.
import { readFileSync } from 'node:fs';

const path = new URL('../web/package-lock.json', import.meta.url);
const text = readFileSync(path, 'utf8');
const packages = JSON.parse(text).packages;
const faults = [];

for (const [key, entry] of Object.entries(packages)) {
  if (key === '') continue;
  if (entry.resolved) faults.push(`${key}: names a registry (omit-lockfile-registry-resolved)`);
  if (!entry.integrity && !entry.link) faults.push(`${key}: has no hash`);
  for (const name of Object.keys(entry.optionalDependencies ?? {})) {
    const nested = `${key}/node_modules/${name}`;
    if (!packages[nested] && !packages[`node_modules/${name}`]) {
      faults.push(`${key}: optional ${name} is not locked; pin ${key} to the newest complete version`);
    }
  }
}
if (/https?:\/\/[^"]*(registry|npm)[^"]*\.tgz/.test(text)) faults.push('a registry address stands in the lock');

if (faults.length > 0) {
  console.error(faults.join('\n'));
  process.exit(1);
}
console.log(`lock: ${Object.keys(packages).length - 1} packages, all platforms, all hashed, no host`);
