// One lever: what it does, why and by whom, how long it still lasts, and the way back.

import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { LeverKind, LeverRow } from '@api/lever';
import { clockTime, fullTime, relative, span } from '@i18n/format';
import { Button } from '@ui/Button';
import { Icon, type IconName } from '@ui/Icon';
import { useLanguage, useNames } from '@agent/data/hooks';
import { levelOfSums } from './model';
import { useDoing } from './useLevers';
import { doesOf, placeOf, share } from './words';

const ICONS: Record<LeverKind, IconName> = {
  weight: 'chart',
  pause: 'pause',
  hours: 'moon',
  overflow: 'out',
  ladder_now: 'split',
  reserve: 'shield',
  lend: 'users',
  capacity: 'user',
  callback: 'phone',
  outage: 'alert',
};

interface CardProps {
  row: LeverRow;
  now: number;
}

function Left({ row, now }: CardProps) {
  const { t } = useTranslation();
  const language = useLanguage();
  if (!row.until_at)
    return (
      <span className="lever-left soft">
        {t(row.from_at ? 'lever.until_cleared' : 'lever.waits')}
      </span>
    );
  const until = Date.parse(row.until_at);
  const part = Math.max(0, Math.min(1, (until - now) / (row.seconds * 1000)));
  return (
    <span className="lever-left" title={fullTime(language, until)}>
      <span className="figures">
        {until > now ? t('lever.left', { span: span(language, until - now) }) : t('lever.ending')}
      </span>
      <meter className="lever-meter" min={0} max={1} value={part} aria-hidden="true" />
      <span className="tiny soft">{t('lever.until', { time: clockTime(language, until) })}</span>
    </span>
  );
}

function Doings({ row }: { row: LeverRow }) {
  const { t } = useTranslation();
  const { busy, act } = useDoing();
  const [sure, setSure] = useState(false);
  return (
    <span className="row lever-doings">
      {row.may_stay && (
        <Button
          small
          look={sure ? 'danger' : 'quiet'}
          busy={busy}
          onBlur={() => setSure(false)}
          onClick={() => (sure ? void act(row, 'permanent') : setSure(true))}
        >
          {t(sure ? 'lever.keep_sure' : 'lever.keep')}
        </Button>
      )}
      {row.may_confirm && (
        <Button small look="primary" busy={busy} onClick={() => void act(row, 'confirm')}>
          {t('lever.confirm')}
        </Button>
      )}
      <Button small icon="undo" busy={busy} onClick={() => void act(row, 'undo')}>
        {t(row.state === 'asked' ? 'lever.withdraw' : 'lever.undo')}
      </Button>
    </span>
  );
}

function Over({ row, now }: CardProps) {
  const { t } = useTranslation();
  const language = useLanguage();
  const names = useNames();
  const at = Date.parse(row.ended_at ?? row.asked_at);
  const sums = row.effect?.sums;
  const level = sums && levelOfSums(sums);
  return (
    <span className="lever-left tiny soft">
      {t(`lever.state.${row.state}`)} · {relative(language, at, now)}
      {row.ended_by && ` · ${names.person(row.ended_by)}`}
      {row.effect && row.from_at && (
        <>
          <br />
          {t('lever.effect', { waiting: row.effect.waiting, offers: row.effect.offers })}
          {level &&
            ` · ${t('lever.effect_level', { pct: share(language, level.milli), count: level.n })}`}
          {row.seen && (
            <>
              <br />
              {t('lever.seen', {
                before: span(language, row.seen.wait_before_ms),
                after: span(language, row.seen.wait_after_ms),
              })}
            </>
          )}
        </>
      )}
    </span>
  );
}

export function LeverCard({ row, now }: CardProps) {
  const { t } = useTranslation();
  const language = useLanguage();
  const names = useNames();
  const over = row.state !== 'in_force' && row.state !== 'asked';
  const place = placeOf(row, t, names);
  const by = [names.person(row.by_id), row.second_id && names.person(row.second_id)];
  return (
    <li className={over ? 'lever lever-over' : 'lever'} data-lever={row.kind}>
      <span className="lever-icon" aria-hidden="true">
        <Icon name={ICONS[row.kind]} size={18} />
      </span>
      <span className="lever-what">
        <strong>
          {t(`lever.kind.${row.kind}`)}
          {place && ` · ${place}`}
        </strong>
        <span className="lever-does">{doesOf(row, t, names, language)}</span>
        <span className="small soft lever-why">
          {row.reason}
          {by.some(Boolean) && ` — ${by.filter(Boolean).join(', ')}`}
        </span>
      </span>
      {over ? <Over row={row} now={now} /> : <Left row={row} now={now} />}
      {!over && <Doings row={row} />}
    </li>
  );
}
