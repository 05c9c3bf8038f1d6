// Small marks shared by the screens: channel, state, priority, tier, time.

import { useTranslation } from 'react-i18next';
import type { CaseState, ChannelKind, Priority, Tier } from '@api/types';
import { fullTime, relative, shortAge } from '@i18n/format';
import { Icon, type IconName } from '@ui/Icon';
import { Chip, type Tone } from '@ui/Small';
import { useLanguage, useNow } from '@agent/data/hooks';

const MINUTE_MS = 60_000;
const CHANNEL: Record<string, IconName> = {
  email: 'mail',
  chat: 'chat',
  loopback: 'refresh',
  case_step: 'checks',
  callback: 'phone',
};

export function ChannelMark({ kind, size = 15 }: { kind: ChannelKind | string; size?: number }) {
  const { t } = useTranslation();
  const name = t(`channel.${kind}`, { defaultValue: kind });
  return (
    <span className="channel-mark" title={name}>
      <Icon name={CHANNEL[kind] ?? 'chat'} size={size} />
      <span className="sr">{name}</span>
    </span>
  );
}

const STATE: Record<CaseState, Tone> = {
  open: 'accent',
  wait_customer: 'plain',
  wait_third_party: 'plain',
  solved: 'good',
  closed: 'plain',
  merged: 'plain',
  discarded: 'plain',
};

export function StateChip({ state }: { state: CaseState }) {
  const { t } = useTranslation();
  return <Chip tone={STATE[state]}>{t(`case.state.${state}`)}</Chip>;
}

export function PriorityChip({ priority }: { priority: Priority }) {
  const { t } = useTranslation();
  if (priority === 'normal') return null;
  const tone: Tone = priority === 'critical' ? 'bad' : priority === 'high' ? 'warn' : 'plain';
  return (
    <Chip tone={tone} icon="flag">
      {t(`case.priority.${priority}`)}
    </Chip>
  );
}

export function TierMark({ tier }: { tier: Tier }) {
  const { t } = useTranslation();
  if (tier === 'standard') return null;
  return (
    <Chip tone="note" icon="star">
      {t(`tier.${tier}`)}
    </Chip>
  );
}

/** Time in a row: short to the eye, whole to the ear and on hover. */
export function Age({ at }: { at: string }) {
  const language = useLanguage();
  const now = useNow(60_000);
  const moment = Date.parse(at);
  return (
    <time dateTime={at} title={fullTime(language, moment)} className="figures">
      {shortAge(language, moment, now)}
    </time>
  );
}

export function Ago({ at }: { at: string }) {
  const { t } = useTranslation();
  const language = useLanguage();
  const now = useNow(30_000);
  const moment = Date.parse(at);
  return (
    <time dateTime={at} title={fullTime(language, moment)}>
      {Math.abs(now - moment) < MINUTE_MS ? t('time.just_now') : relative(language, moment, now)}
    </time>
  );
}
