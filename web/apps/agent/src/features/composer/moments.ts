// The moments people choose most when an answer shall leave later, and how a moment stands in a field.

export interface Preset {
  name: 'hour' | 'tomorrow' | 'monday';
  at: string;
}

const DAY_MS = 86_400_000;
const MORNING = 8;

export function presets(now: number): Preset[] {
  const morning = (days: number): string => {
    const day = new Date(now + days * DAY_MS);
    return new Date(day.getFullYear(), day.getMonth(), day.getDate(), MORNING).toISOString();
  };
  const monday = (8 - new Date(now).getDay()) % 7 || 7;
  return [
    { name: 'hour', at: new Date(now + 3_600_000).toISOString() },
    { name: 'tomorrow', at: morning(1) },
    ...(monday > 1 ? [{ name: 'monday' as const, at: morning(monday) }] : []),
  ];
}

/** A moment as a datetime-local field has it: the clock on the wall here. */
export function localInput(at: string): string {
  const moment = new Date(at);
  const local = new Date(moment.getTime() - moment.getTimezoneOffset() * 60_000);
  return local.toISOString().slice(0, 16);
}
