// When and how somebody who left the line hears from us.
import { type Callback, language } from './model';
import { fill, words } from './words';

/** A stretch of time as people say it: the day, from and to. */
export function span({ from, to }: { from: string; to: string }): string {
  return new Intl.DateTimeFormat(language.value, {
    weekday: 'short',
    day: 'numeric',
    month: 'numeric',
    hour: 'numeric',
    minute: '2-digit',
  }).formatRange(new Date(from), new Date(to));
}

/** When and how somebody who left the line hears from us, in words. */
export function promised(asked: Callback): string {
  const w = words.value;
  const how = fill(
    asked.way === 'phone' ? w.keptPhone : asked.way === 'email' ? w.keptMail : w.keptChat,
    { address: asked.address },
  );
  return asked.from && asked.to ? `${how} ${span({ from: asked.from, to: asked.to })}` : how;
}
