// Times, spans and sizes as people of the language write them.

const formats = new Map<string, Intl.DateTimeFormat>();

function date(
  language: string,
  options: Intl.DateTimeFormatOptions,
  name: string,
): Intl.DateTimeFormat {
  const key = `${language} ${name}`;
  let format = formats.get(key);
  if (!format) formats.set(key, (format = new Intl.DateTimeFormat(language, options)));
  return format;
}

const numbers = new Map<string, Intl.NumberFormat>();

/** Making a format costs a hundred times what using it does. */
function number(
  language: string,
  options: Intl.NumberFormatOptions = {},
  name = '',
): Intl.NumberFormat {
  const key = `${language} ${name}`;
  let format = numbers.get(key);
  if (!format) numbers.set(key, (format = new Intl.NumberFormat(language, options)));
  return format;
}

const relatives = new Map<string, Intl.RelativeTimeFormat>();

function ago(language: string): Intl.RelativeTimeFormat {
  let format = relatives.get(language);
  if (!format) {
    format = new Intl.RelativeTimeFormat(language, { numeric: 'auto', style: 'short' });
    relatives.set(language, format);
  }
  return format;
}

export const clockTime = (language: string, at: number): string =>
  date(language, { hour: 'numeric', minute: '2-digit' }, 'clock').format(at);

export const fullTime = (language: string, at: number): string =>
  date(language, { dateStyle: 'full', timeStyle: 'short' }, 'full').format(at);

export const mediumTime = (language: string, at: number): string =>
  date(language, { dateStyle: 'medium', timeStyle: 'short' }, 'medium').format(at);

export const mediumDate = (language: string, at: number): string =>
  date(language, { dateStyle: 'medium' }, 'medium date').format(at);

export const dayName = (language: string, at: number): string =>
  date(language, { weekday: 'long', day: 'numeric', month: 'long' }, 'day').format(at);

const DAY = 86_400_000;

/** Today the time, this week the day, earlier the date: short enough for a list row. */
export function shortAge(language: string, at: number, now: number): string {
  if (new Date(at).toDateString() === new Date(now).toDateString()) return clockTime(language, at);
  if (now - at < 6 * DAY) return date(language, { weekday: 'short' }, 'weekday').format(at);
  return date(language, { day: 'numeric', month: 'short' }, 'date').format(at);
}

const UNITS: [Intl.RelativeTimeFormatUnit, number][] = [
  ['day', DAY],
  ['hour', 3_600_000],
  ['minute', 60_000],
];

export function relative(language: string, at: number, now: number): string {
  const words = ago(language);
  // What comes is told to the nearest minute: two hours from a moment ago are still two hours.
  const away = at > now ? at - now + 30_000 : at - now;
  for (const [unit, ms] of UNITS) {
    if (Math.abs(away) >= ms) return words.format(Math.trunc(away / ms), unit);
  }
  return words.format(0, 'second');
}

const midnight = (at: number): number => new Date(at).setHours(0, 0, 0, 0);

/** A moment as people say it: "today 5:00 PM", "tomorrow 9:00 AM"; further away weekday and date. */
export function dayTime(language: string, at: number, now: number): string {
  const days = Math.round((midnight(at) - midnight(now)) / DAY);
  if (Math.abs(days) <= 1) return `${ago(language).format(days, 'day')} ${clockTime(language, at)}`;
  const far = new Date(at).getFullYear() !== new Date(now).getFullYear();
  const options: Intl.DateTimeFormatOptions = {
    weekday: 'short',
    day: 'numeric',
    month: 'short',
    hour: 'numeric',
    minute: '2-digit',
    ...(far && { year: 'numeric' }),
  };
  return date(language, options, far ? 'day of a year' : 'day of this year').format(at);
}

const part = (language: string, value: number, unit: string): string =>
  number(language, { style: 'unit', unit, unitDisplay: 'narrow' }, unit).format(value);

/** A span in its one or two largest units: "18 s", "7 m 20 s", "3 h 5 m", "2 d". */
export function span(language: string, ms: number): string {
  const seconds = Math.max(0, Math.round(ms / 1000));
  if (seconds < 60) return part(language, seconds, 'second');
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return part(language, minutes, 'minute');
  const hours = Math.floor(minutes / 60);
  if (hours < 24) {
    const rest = minutes % 60;
    const whole = part(language, hours, 'hour');
    return rest === 0 ? whole : `${whole} ${part(language, rest, 'minute')}`;
  }
  return part(language, Math.floor(hours / 24), 'day');
}

export function size(language: string, bytes: number): string {
  const units = ['byte', 'kilobyte', 'megabyte'] as const;
  const step = bytes < 1000 ? 0 : bytes < 1_000_000 ? 1 : 2;
  const options: Intl.NumberFormatOptions = {
    style: 'unit',
    unit: units[step],
    unitDisplay: step === 0 ? 'narrow' : 'short',
    maximumFractionDigits: step === 2 ? 1 : 0,
  };
  return number(language, options, `size ${step}`).format(bytes / 1000 ** step);
}

export const count = (language: string, value: number): string => number(language).format(value);

/** Words in the reader's language, in English, else as they stand for all. */
export const worded = (
  language: string,
  words: Readonly<Record<string, string | undefined>> | null | undefined,
  plain: string,
): string => words?.[language] || words?.en || plain;
