// Places in the log, "epoch.xid.id": which of two comes first.

export function compareCursors(one: string, other: string): number {
  const a = one.split('.');
  const b = other.split('.');
  for (let part = 0; part < 3; part += 1) {
    const difference = Number(a[part] ?? 0) - Number(b[part] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}
