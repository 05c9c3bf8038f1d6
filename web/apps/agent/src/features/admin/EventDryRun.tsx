// The last seven days under the event rules on the screen: how often each would have acted, and where.

import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { count, dayTime } from '@i18n/format';
import { Button } from '@ui/Button';
import { Banner, Chip } from '@ui/Small';
import { whyRefused } from '@agent/data/act';
import { useLanguage, useNow, useWorkspace } from '@agent/data/hooks';
import { href } from '@agent/data/router';
import { tidied, type EventLine, type EventRun } from './eventModel';

function Found({ found }: { found: EventRun }) {
  const { t } = useTranslation();
  const language = useLanguage();
  const now = useNow(60_000);
  return (
    <div className="stack">
      <p>
        <strong>{t('events.looked', { count: found.events })}</strong>{' '}
        {found.more && <span className="soft">{t('events.dry_more')}</span>}
      </p>
      <ul className="plain-list moves">
        {found.rules.map((one) => (
          <li key={one.rule} className="row wrap">
            <span className="figures move-count">{count(language, one.hits)}</span>
            <span className="grow">
              {one.rule}{' '}
              <span className="soft small">{t('events.in_cases', { count: one.cases })}</span>
            </span>
            {one.errors > 0 && (
              <Chip tone="bad" icon="alert">
                {t('events.failed', { count: one.errors })}
              </Chip>
            )}
          </li>
        ))}
      </ul>
      {found.samples.length > 0 && (
        <details>
          <summary>{t('rules.dry_samples', { count: found.samples.length })}</summary>
          <ul className="plain-list samples">
            {found.samples.map((one, at) => (
              <li key={`${one.case_id}${at}`} className="row wrap">
                <a href={href('case', one.case_id)} className="figures">
                  {one.reference}
                </a>
                <span className="grow cut">{one.title}</span>
                <span className="tiny soft">
                  {one.rule} · {t(`events.of.${one.event}`)} ·{' '}
                  {dayTime(language, Date.parse(one.at), now)}
                </span>
              </li>
            ))}
          </ul>
        </details>
      )}
    </div>
  );
}

export function EventDryRun({ rules }: { rules: readonly EventLine[] }) {
  const { t } = useTranslation();
  const { client } = useWorkspace();
  const [busy, setBusy] = useState(false);
  const [found, setFound] = useState<EventRun>();
  const [failed, setFailed] = useState('');
  const go = async (): Promise<void> => {
    setBusy(true);
    setFailed('');
    setFound(undefined);
    try {
      const body = { rules: rules.map(tidied) };
      setFound(await client.post<EventRun>('/v1/event_rules/dry_run', { body }));
    } catch (error) {
      setFailed(whyRefused(error, t));
    } finally {
      setBusy(false);
    }
  };
  return (
    <section className="card form-card stack" aria-label={t('rules.dry')}>
      <div className="row wrap">
        <div className="grow">
          <h2>{t('rules.dry')}</h2>
          <p className="soft small">{t('events.dry_hint')}</p>
        </div>
        <Button icon="clock" busy={busy} disabled={rules.length === 0} onClick={() => void go()}>
          {t('rules.dry_run')}
        </Button>
      </div>
      <div aria-live="polite">
        {failed && <Banner tone="bad">{failed}</Banner>}
        {found && <Found found={found} />}
      </div>
    </section>
  );
}
