// The last seven days under the rules on the screen: how many Cases would go elsewhere, and which.

import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { count } from '@i18n/format';
import { Button } from '@ui/Button';
import { Banner } from '@ui/Small';
import { whyRefused } from '@agent/data/act';
import { useLanguage, useNames, useWorkspace } from '@agent/data/hooks';
import { href } from '@agent/data/router';
import type { DryRun as Found, RuleLine } from './ruleModel';

function Result({ found }: { found: Found }) {
  const { t } = useTranslation();
  const names = useNames();
  const language = useLanguage();
  const queue = (id: string): string => names.queue(id) || t('rules.queue_missing');
  return (
    <div className="stack">
      <p>
        <strong>
          {t('rules.dry_moved', { count: found.queues, cases: count(language, found.cases) })}
        </strong>{' '}
        <span className="soft">
          {found.others > 0 && t('rules.dry_others', { count: found.others })}{' '}
          {found.more && t('rules.dry_more')}
        </span>
      </p>
      {found.moves.length > 0 && (
        <ul className="plain-list moves">
          {found.moves.map((move) => (
            <li key={`${move.from}-${move.to}`} className="row">
              <span className="figures move-count">{count(language, move.cases)}</span>
              <span className="cut">
                {queue(move.from)} → <strong>{queue(move.to)}</strong>
              </span>
            </li>
          ))}
        </ul>
      )}
      {found.samples.length > 0 && (
        <details>
          <summary>{t('rules.dry_samples', { count: found.samples.length })}</summary>
          <ul className="plain-list samples">
            {found.samples.map((one) => (
              <li key={one.case_id} className="row wrap">
                <a href={href('case', one.case_id)} className="figures">
                  {one.reference}
                </a>
                <span className="grow cut">{one.title}</span>
                <span className="tiny soft">
                  {one.from === one.to ? one.rules.join(', ') : `→ ${queue(one.to)}`}
                </span>
              </li>
            ))}
          </ul>
        </details>
      )}
    </div>
  );
}

interface DryRunProps {
  rules: readonly RuleLine[];
  onHits: (hits: Record<string, number>) => void;
}

export function DryRun({ rules, onHits }: DryRunProps) {
  const { t } = useTranslation();
  const { client } = useWorkspace();
  const [busy, setBusy] = useState(false);
  const [found, setFound] = useState<Found>();
  const [failed, setFailed] = useState('');
  /** It may take a while: why it failed stays in the card, where whoever comes back looks. */
  const go = async (): Promise<void> => {
    setBusy(true);
    setFailed('');
    try {
      const answer = await client.post<Found>('/v1/rules/dry_run', { body: { rules } });
      setFound(answer);
      onHits(answer.hits);
    } catch (error) {
      setFound(undefined);
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
          <p className="soft small">{t('rules.dry_hint')}</p>
        </div>
        <Button icon="clock" busy={busy} onClick={() => void go()}>
          {t('rules.dry_run')}
        </Button>
      </div>
      <div aria-live="polite">
        {failed && <Banner tone="bad">{failed}</Banner>}
        {found && <Result found={found} />}
      </div>
    </section>
  );
}
