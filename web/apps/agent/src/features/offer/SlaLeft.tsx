// How long there is until the answer is due, or by how much it is over.

import { useTranslation } from 'react-i18next';
import { span } from '@i18n/format';
import { Chip } from '@ui/Small';
import { useLanguage, useNow } from '@agent/data/hooks';

const NEAR_MS = 10 * 60_000;

export function SlaLeft({ due }: { due: string }) {
  const { t } = useTranslation();
  const language = useLanguage();
  const left = Date.parse(due) - useNow(10_000);
  const time = span(language, Math.abs(left));
  return (
    <Chip tone={left < 0 ? 'bad' : left < NEAR_MS ? 'warn' : 'plain'} icon="clock">
      {t(left < 0 ? 'offer.over' : 'offer.due', { time })}
    </Chip>
  );
}
