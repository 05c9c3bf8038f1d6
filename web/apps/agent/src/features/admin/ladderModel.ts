// A ladder: how needs relax with waiting, step by step; the words each step is told in.

export interface Rung {
  at_x?: number | null;
  at_s?: number | null;
  drop?: string[];
  lower?: Readonly<Record<string, number>>;
  lower_all?: number;
  drop_desired?: boolean;
  substitutes?: boolean;
  add_member_rank?: number;
  add_queue_members?: string[];
  related?: boolean;
}

export const RUNGS_MAX = 8;

/** What a queue without a ladder of its own does. */
export const USUAL: readonly Rung[] = [
  { at_x: 0.5, lower_all: 1 },
  { at_x: 0.8, drop_desired: true },
  { at_x: 1, substitutes: true, related: true },
];

export interface Said {
  key: string;
  values?: Readonly<Record<string, string | number>>;
}

/** When a step begins, as words. */
export const begins = (rung: Rung): Said =>
  rung.at_x === undefined || rung.at_x === null
    ? { key: 'ladder.at_seconds', values: { count: rung.at_s ?? 0 } }
    : { key: 'ladder.at_share', values: { percent: Math.round(rung.at_x * 100) } };

/** What a step changes, as words; `place` counts from 0, `last` = nobody joins after it. */
export function changes(
  rung: Rung,
  place: number,
  last: boolean,
  names: { skill: (key: string) => string; queue: (id: string) => string },
): Said[] {
  const lower = Object.entries(rung.lower ?? {}).filter(([, by]) => by > 0);
  const rank = Math.max(rung.add_member_rank ?? 0, place + 2);
  const said: (Said | false)[] = [
    (rung.lower_all ?? 0) > 0 && {
      key: 'ladder.lower_all',
      values: { count: rung.lower_all ?? 0 },
    },
    ...lower.map(([key, count]) => ({
      key: 'ladder.lower_skill',
      values: { name: names.skill(key), count },
    })),
    ...(rung.drop ?? []).map((key) => ({ key: 'ladder.drop', values: { name: names.skill(key) } })),
    rung.drop_desired === true && { key: 'ladder.drop_desired' },
    rung.substitutes === true && { key: 'ladder.substitutes' },
    last ? { key: 'ladder.everybody' } : { key: 'ladder.rank', values: { rank } },
    rung.related === true && { key: 'ladder.related' },
    ...(rung.add_queue_members ?? []).map((id) => ({
      key: 'ladder.queue',
      values: { name: names.queue(id) },
    })),
  ];
  return said.filter((one): one is Said => one !== false);
}

/** The next step: a little later than the one before, with nothing changed yet. */
export function nextRung(before: Rung | undefined): Rung {
  if (before?.at_s !== undefined && before.at_s !== null) return { at_s: before.at_s + 30 };
  return { at_x: Math.min(Math.round(((before?.at_x ?? 0.25) + 0.25) * 100) / 100, 3) };
}
