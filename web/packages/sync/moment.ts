// Points and spans of time as filters write them; the twin of domain/moment.py.

const RELATIVE = /^(now|today|week|month)(?:([+-])(\d{1,5})([mhdw]))?$/;
const DAY = /^(\d{4})-(\d\d)-(\d\d)$/;
const MS: Readonly<Record<string, number>> = {
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
  w: 604_800_000,
};
const DAY_MS = 86_400_000;

/** `90m`, `4h`, `2d`, `1w` in milliseconds. */
export function span(text: string): number | undefined {
  const found = /^(\d{1,5})([mhdw])$/.exec(text);
  return found ? Number(found[1]) * (MS[found[2] ?? ''] ?? 0) : undefined;
}

const formats = new Map<string, Intl.DateTimeFormat>();

function format(zone: string): Intl.DateTimeFormat {
  let known = formats.get(zone);
  if (!known) {
    try {
      known = new Intl.DateTimeFormat('en-US', {
        timeZone: zone,
        hourCycle: 'h23',
        year: 'numeric',
        month: 'numeric',
        day: 'numeric',
        hour: 'numeric',
        minute: 'numeric',
        second: 'numeric',
      });
    } catch {
      known = format('UTC');
    }
    formats.set(zone, known);
  }
  return known;
}

/** The wall clock of a zone at a moment, as if it were UTC. */
function wall(at: number, zone: string): number {
  const part: Record<string, number> = {};
  for (const one of format(zone).formatToParts(at)) part[one.type] = Number(one.value);
  const { year = 1970, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = part;
  return Date.UTC(year, month - 1, day, hour, minute, second);
}

const offset = (at: number, zone: string): number => wall(at, zone) - Math.floor(at / 1000) * 1000;

/** The beginning of a day given as UTC midnight: the first of two, the gap's beginning if there is one. */
function midnight(day: number, zone: string): number {
  const before = offset(day - DAY_MS, zone);
  const after = offset(day + DAY_MS, zone);
  const early = day - before;
  if (before === after || offset(early, zone) === before) return early;
  const late = day - after;
  return offset(late, zone) === after ? late : early;
}

function anchored(anchor: string, today: number): number {
  const date = new Date(today);
  if (anchor === 'week') return today - ((date.getUTCDay() + 6) % 7) * DAY_MS;
  if (anchor === 'month') return today - (date.getUTCDate() - 1) * DAY_MS;
  return today;
}

/** Milliseconds of a moment, NaN when the text is none. */
export function moment(text: string, now: number, zone: string): number {
  const day = DAY.exec(text);
  if (day) {
    return midnight(Date.UTC(Number(day[1]), Number(day[2]) - 1, Number(day[3])), zone);
  }
  const found = RELATIVE.exec(text);
  if (!found) return Date.parse(text);
  const [, anchor = 'now', sign, digits, unit = 'm'] = found;
  const n = sign ? Number(`${sign}${digits}`) : 0;
  if (anchor === 'now') return now + n * (MS[unit] ?? 0);
  const today = Math.floor(wall(now, zone) / DAY_MS) * DAY_MS;
  return midnight(anchored(anchor, today) + n * (unit === 'w' ? 7 : 1) * DAY_MS, zone);
}
