// Signs of life of a channel: last in, last out, what waits or could not be read.

import { useTranslation } from 'react-i18next';
import { mediumTime, relative } from '@i18n/format';
import { useLanguage, useNow } from '@agent/data/hooks';

export interface LightRow {
  account_id: string;
  last_in: string | null;
  last_out: string | null;
  unread: number;
  quarantined: number;
  unsent: number;
  oldest: string | null;
  uncertain: number;
  failed: number;
}

function Moment({ at }: { at: string | null }) {
  const { t } = useTranslation();
  const language = useLanguage();
  const now = useNow(60_000);
  if (!at) return <span className="soft">{t('channels.never')}</span>;
  const moment = Date.parse(at);
  return (
    <time dateTime={at} title={mediumTime(language, moment)}>
      {relative(language, moment, now)}
    </time>
  );
}

export function Light({ light }: { light: LightRow | undefined }) {
  const { t } = useTranslation();
  if (!light) return null;
  const troubles = (['unread', 'unsent', 'uncertain', 'failed', 'quarantined'] as const).filter(
    (name) => light[name] > 0,
  );
  return (
    <span className="stack-tight tiny">
      <span>
        {t('channels.last_in')} <Moment at={light.last_in} />
      </span>
      <span>
        {t('channels.last_out')} <Moment at={light.last_out} />
      </span>
      {troubles.map((name) => (
        <span key={name} className={name === 'unread' ? 'soft' : 'light-bad'}>
          {t(`channels.${name}`, { count: light[name] })}
        </span>
      ))}
    </span>
  );
}
