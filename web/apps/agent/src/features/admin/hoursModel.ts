// Working hours: frames of a day, what is wrong with them, how they are said in a line.

export type Frame = readonly [string, string];
export type Days = Readonly<Record<string, readonly Frame[]>>;

export interface CalendarRow {
  id: string;
  version?: number;
  name: string;
  zone: string;
  always: boolean;
  frames: Days;
  exceptions: Days;
  country: string | null;
  worked: readonly string[];
  imported: Readonly<Record<string, string>>;
  open?: boolean;
  opens_at?: string | null;
}

export const WEEK = ['1', '2', '3', '4', '5', '6', '7'] as const;
export const FRAMES_MAX = 6;
export const DAY_MINUTES = 1440;

export const minutes = (time: string): number => {
  const [hours = 0, rest = 0] = time.split(':').map(Number);
  return hours * 60 + rest;
};

const two = (value: number): string => String(value).padStart(2, '0');
export const time = (at: number): string => `${two(Math.floor(at / 60))}:${two(at % 60)}`;

/** A time field has no 24:00: midnight at the end of a day is shown as 00:00. */
export const shownEnd = (end: string): string => (end === '24:00' ? '00:00' : end);
export const keptEnd = (shown: string): string => (shown === '00:00' ? '24:00' : shown);

export type Fault = 'order' | 'overlap' | 'many';

/** What is wrong with the frames of a day; undefined when nothing is. */
export function faultOf(frames: readonly Frame[]): Fault | undefined {
  if (frames.length > FRAMES_MAX) return 'many';
  if (frames.some(([from, to]) => !from || !to || minutes(from) >= minutes(to))) return 'order';
  return frames.some(([from], at) => at > 0 && minutes(frames[at - 1]?.[1] ?? '') > minutes(from))
    ? 'overlap'
    : undefined;
}

/** Frames in the order of the day: who types the afternoon first has not made a mistake. */
export const inDay = (frames: readonly Frame[]): Frame[] =>
  [...frames].sort((a, b) => minutes(a[0]) - minutes(b[0]));

/** One more frame after the others: from nine to five, else after the last one. */
export function another(frames: readonly Frame[]): Frame[] {
  const last = frames[frames.length - 1];
  if (!last) return [['09:00', '17:00']];
  const from = Math.min(minutes(last[1]) + 30, DAY_MINUTES - 60);
  return [...frames, [time(from), time(Math.min(from + 120, DAY_MINUTES))]];
}

export const said = (frames: readonly Frame[]): string =>
  frames.map(([from, to]) => `${from}–${to}`).join(', ');

/** Days with the same hours stand together: [["1", "5"], frames]. */
export function runs(frames: Days): { from: string; to: string; text: string }[] {
  const found: { from: string; to: string; text: string }[] = [];
  for (const day of WEEK) {
    const text = said(frames[day] ?? []);
    const last = found[found.length - 1];
    if (last?.text === text) last.to = day;
    else found.push({ from: day, to: day, text });
  }
  return found.filter((one) => one.text !== '');
}

/** The name of a weekday (1 = Monday) in a language. */
export function dayName(language: string, day: string, form: 'long' | 'short' = 'long'): string {
  const monday = Date.UTC(2024, 0, 1);
  return new Intl.DateTimeFormat(language, { weekday: form, timeZone: 'UTC' }).format(
    monday + (Number(day) - 1) * 86_400_000,
  );
}

/** A date without time, as people write it, with its weekday. */
export const dateName = (language: string, day: string): string =>
  new Intl.DateTimeFormat(language, {
    weekday: 'short',
    day: 'numeric',
    month: 'long',
    year: 'numeric',
    timeZone: 'UTC',
  }).format(new Date(`${day}T00:00:00Z`));
