// A roster on the screen: moments as the clock on the wall here has them.

export interface RosterRow {
  id: string;
  version: number;
  department_id: string;
  people: string[];
  begins: string | null;
  hour: number;
  turns: { person: string; from: string; until: string }[];
  /** Who is on call at this moment. */
  now: string | null;
}

export interface RosterDraft {
  people: string[];
  begins: string;
  hour: string;
  turns: { person: string; from: string; until: string }[];
}

const two = (number: number): string => String(number).padStart(2, '0');

/** A moment as a field of date and time has it. */
export function local(moment: string): string {
  const at = new Date(moment);
  const day = `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}`;
  return `${day}T${two(at.getHours())}:${two(at.getMinutes())}`;
}

export const freshTurn = (): RosterDraft['turns'][number] => ({ person: '', from: '', until: '' });

export const rosterOf = (row?: RosterRow): RosterDraft => ({
  people: row?.people ?? [],
  begins: row?.begins ?? '',
  hour: String(row?.hour ?? 8),
  turns: (row?.turns ?? []).map((one) => ({
    person: one.person,
    from: local(one.from),
    until: local(one.until),
  })),
});

export function rosterReady(draft: RosterDraft): boolean {
  const hour = Number(draft.hour);
  if (draft.hour.trim() === '' || !Number.isInteger(hour) || hour < 0 || hour > 23) return false;
  if (draft.people.length > 0 && draft.begins === '') return false;
  return draft.turns.every((one) => one.person && one.from && one.until && one.from < one.until);
}

export const rosterBody = (draft: RosterDraft): Record<string, unknown> => ({
  people: draft.people,
  begins: draft.begins || null,
  hour: Number(draft.hour),
  turns: draft.turns.map((one) => ({
    person: one.person,
    from: new Date(one.from).toISOString(),
    until: new Date(one.until).toISOString(),
  })),
});
