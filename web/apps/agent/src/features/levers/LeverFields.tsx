// The fields of a lever: its kind, the place or people it moves, how much, how long.

import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { LeverDrain, LeverTerms } from '@api/lever';
import { clockTime, span } from '@i18n/format';
import { Check, Range, Select, TextField } from '@ui/Field';
import { Scroll } from '@ui/Scroll';
import { useLanguage, useNow, useSetup } from '@agent/data/hooks';
import { CHANNELS, UNWRITTEN } from '@agent/parts/channels';
import {
  FACTORS,
  isSwitch,
  ofAgents,
  ofChannel,
  placed,
  SPANS,
  TIERS,
  turned,
  type Draft,
} from './model';
import { Skills } from './Skills';
import { factorOf } from './words';

interface FieldsProps {
  kinds: readonly LeverTerms[];
  draft: Draft;
  onChange: (draft: Draft) => void;
}

interface PartProps {
  draft: Draft;
  onChange: (draft: Draft) => void;
}

function Place({ draft, onChange }: PartProps) {
  const { t } = useTranslation();
  const { queues } = useSetup();
  const channels = [...CHANNELS, ...(ofChannel(draft.kind) ? [] : UNWRITTEN)].map((one) => ({
    value: `channel ${one}`,
    label: t('lever.place_channel', { name: t(`channel.${one}`) }),
  }));
  const tiers = TIERS.map((one) => ({
    value: `tier ${one}`,
    label: t('lever.place_tier', { name: t(`tier.${one}`) }),
  }));
  const ofQueues = queues.map((one) => ({ value: `queue ${one.id}`, label: one.name }));
  return (
    <Select
      label={t(draft.kind === 'lend' ? 'lever.lend_to' : 'lever.place')}
      value={draft.place}
      onChange={(place) => onChange({ ...draft, place })}
      options={[
        { value: '', label: t('lever.choose') },
        ...(ofChannel(draft.kind) ? channels : ofQueues),
        ...(draft.kind === 'weight' ? [...channels, ...tiers] : []),
      ]}
    />
  );
}

const SEARCHED = 8;

function People({ draft, onChange }: PartProps) {
  const { t } = useTranslation();
  const { colleagues } = useSetup();
  const [words, setWords] = useState('');
  const sought = words.trim().toLocaleLowerCase();
  const agents = colleagues.filter((one) => one.agent !== false);
  const shown = agents.filter(
    (one) => draft.agents.includes(one.id) || one.name.toLocaleLowerCase().includes(sought),
  );
  const turn = (id: string, on: boolean): void =>
    onChange({
      ...draft,
      agents: on ? [...draft.agents, id] : draft.agents.filter((one) => one !== id),
    });
  return (
    <fieldset className="lever-people">
      <legend>{t('lever.people')}</legend>
      {agents.length > SEARCHED && (
        <input
          type="search"
          className="input"
          aria-label={t('lever.people_find')}
          placeholder={t('lever.people_find')}
          value={words}
          onChange={(event) => setWords(event.target.value)}
        />
      )}
      <Scroll className="lever-names" label={t('lever.people')}>
        {shown.map((one) => (
          <Check
            key={one.id}
            label={one.name}
            checked={draft.agents.includes(one.id)}
            onChange={(on) => turn(one.id, on)}
          />
        ))}
      </Scroll>
    </fieldset>
  );
}

function Factor({ draft, onChange }: PartProps) {
  const { t } = useTranslation();
  const language = useLanguage();
  const at = FACTORS.indexOf(draft.amount);
  return (
    <Range
      label={t('lever.factor')}
      hint={t('lever.factor_hint')}
      min={0}
      max={FACTORS.length - 1}
      step={1}
      value={at < 0 ? FACTORS.indexOf(1000) : at}
      said={factorOf(language, draft.amount)}
      onChange={(place) => onChange({ ...draft, amount: FACTORS[place] ?? 1000 })}
    />
  );
}

function Overflow({ draft, onChange }: PartProps) {
  const { t } = useTranslation();
  const { queues } = useSetup();
  return (
    <>
      <Select
        label={t('lever.overflow_to')}
        value={draft.to}
        onChange={(to) => onChange({ ...draft, to })}
        options={[
          { value: '', label: t('lever.does.overflow_off') },
          ...queues
            .filter((one) => draft.place !== `queue ${one.id}`)
            .map((one) => ({ value: one.id, label: one.name })),
        ]}
      />
      {draft.to && (
        <TextField
          label={t('lever.overflow_after')}
          type="number"
          min={0}
          max={1440}
          value={String(Math.round(draft.amount / 60))}
          onChange={(event) => {
            const minutes = Math.min(Math.max(Number(event.target.value) || 0, 0), 1440);
            onChange({ ...draft, amount: Math.round(minutes) * 60 });
          }}
        />
      )}
    </>
  );
}

function Turned({ draft, onChange }: PartProps) {
  const { t } = useTranslation();
  return (
    <Select
      label={t(`lever.kind.${draft.kind}`)}
      value={String(draft.amount)}
      onChange={(amount) => onChange({ ...draft, amount: Number(amount) })}
      options={[1, 0].map((one) => ({
        value: String(one),
        label: t(`lever.does.${draft.kind}_${one ? 'on' : 'off'}`),
      }))}
    />
  );
}

const DRAINS: readonly LeverDrain[] = ['wait', 'callback'];

function Outage({ draft, onChange }: PartProps) {
  const { t } = useTranslation();
  return (
    <>
      <Select
        label={t('lever.other')}
        value={draft.other}
        onChange={(other) => onChange({ ...draft, other })}
        options={[
          { value: '', label: t('lever.other_none') },
          ...CHANNELS.filter((one) => draft.place !== `channel ${one}`).map((one) => ({
            value: one,
            label: t(`channel.${one}`),
          })),
        ]}
      />
      <Select
        label={t('lever.drain')}
        value={draft.drain}
        onChange={(drain) => onChange({ ...draft, drain: drain as LeverDrain })}
        options={DRAINS.map((one) => ({ value: one, label: t(`lever.drains.${one}`) }))}
      />
    </>
  );
}

function Amount({ kinds, draft, onChange }: FieldsProps) {
  const { t } = useTranslation();
  const terms = kinds.find((one) => one.kind === draft.kind);
  if (draft.kind === 'weight') return <Factor draft={draft} onChange={onChange} />;
  if (draft.kind === 'overflow') return <Overflow draft={draft} onChange={onChange} />;
  if (isSwitch(draft.kind)) return <Turned draft={draft} onChange={onChange} />;
  if (draft.kind === 'outage') return <Outage draft={draft} onChange={onChange} />;
  if (draft.kind === 'lend') return <Skills draft={draft} onChange={onChange} />;
  if (!terms?.amount) return null;
  const { low, high } = terms;
  return (
    <TextField
      label={t(`lever.amount.${draft.kind}`)}
      type="number"
      min={low}
      max={high}
      step={draft.kind === 'ladder_now' ? 10 : 1}
      value={String(draft.amount)}
      onChange={(event) => {
        const amount = Math.round(Number(event.target.value) || 0);
        onChange({ ...draft, amount: Math.min(Math.max(amount, low), high) });
      }}
    />
  );
}

function Lasts({ draft, onChange }: PartProps) {
  const { t } = useTranslation();
  const language = useLanguage();
  const now = useNow(30_000);
  const spans = [...new Set([...SPANS, draft.seconds])].sort((a, b) => a - b);
  return (
    <Select
      label={t('lever.lasts')}
      hint={t('lever.until', { time: clockTime(language, now + draft.seconds * 1000) })}
      value={String(draft.seconds)}
      onChange={(seconds) => onChange({ ...draft, seconds: Number(seconds) })}
      options={spans.map((one) => ({ value: String(one), label: span(language, one * 1000) }))}
    />
  );
}

export function LeverFields({ kinds, draft, onChange }: FieldsProps) {
  const { t } = useTranslation();
  return (
    <>
      <Select
        label={t('lever.what')}
        hint={t(`lever.says.${draft.kind}`)}
        value={draft.kind}
        onChange={(kind) => {
          const terms = kinds.find((one) => one.kind === kind);
          if (terms) onChange(turned(draft, terms));
        }}
        options={kinds.map((one) => ({ value: one.kind, label: t(`lever.kind.${one.kind}`) }))}
      />
      {placed(draft.kind) && <Place draft={draft} onChange={onChange} />}
      {ofAgents(draft.kind) && <People draft={draft} onChange={onChange} />}
      <Amount kinds={kinds} draft={draft} onChange={onChange} />
      {ofChannel(draft.kind) ? (
        <p className="small soft lever-note">{t('lever.until_cleared_hint')}</p>
      ) : (
        <Lasts draft={draft} onChange={onChange} />
      )}
    </>
  );
}
