// The moment of a line: the hour to the eye, the whole date on hover.

import { clockTime, fullTime } from '@i18n/format';
import { useLanguage } from '@agent/data/hooks';

export function Time({ at }: { at: string }) {
  const language = useLanguage();
  const moment = Date.parse(at);
  return (
    <time className="tiny soft figures" dateTime={at} title={fullTime(language, moment)}>
      {clockTime(language, moment)}
    </time>
  );
}
