// Whether now is one of the person's quiet hours, by the clock on the wall where he sits.

import type { Quiet } from '@api/settings';

const minutes = (text: string): number => {
  const [hour = 0, minute = 0] = text.split(':').map(Number);
  return hour * 60 + minute;
};

/** A stretch over midnight belongs to the day on which it begins; no days means every day. */
export function isQuiet(quiet: Quiet | null, now: Date): boolean {
  if (!quiet) return false;
  const at = now.getHours() * 60 + now.getMinutes();
  const today = (now.getDay() + 6) % 7;
  const named = (day: number): boolean => quiet.days.length === 0 || quiet.days.includes(day);
  const [from, to] = [minutes(quiet.from), minutes(quiet.to)];
  if (from <= to) return from <= at && at < to && named(today);
  return (at >= from && named(today)) || (at < to && named((today + 6) % 7));
}
