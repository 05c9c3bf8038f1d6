// Waiting: what a queue asks for, how that relaxes step by step, and whom each step reaches.

import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { Button, IconButton } from '@ui/Button';
import { Check, Select, Switch, TextField } from '@ui/Field';
import { useNames, useSetup, useWorkspace } from '@agent/data/hooks';
import { begins, changes, nextRung, RUNGS_MAX, USUAL, type Rung } from './ladderModel';
import { Needs } from './Needs';
import type { QueueDraft } from './queueModel';
import { useSettled } from './useFaults';

interface WaitingProps {
  draft: QueueDraft;
  change: (part: Partial<QueueDraft>) => void;
  id?: string;
}

interface Reached {
  agents: number;
  signed_in: number;
}

function useReached(draft: QueueDraft, id: string | undefined) {
  const { client } = useWorkspace();
  const { requirements, ladder, related } = draft;
  const text = useSettled(JSON.stringify({ queue_id: id ?? null, requirements, ladder, related }));
  return useQuery({
    queryKey: ['ladder', text],
    queryFn: () =>
      client.post<{ items: Reached[] }>('/v1/queues/check_ladder', {
        body: JSON.parse(text) as Record<string, unknown>,
      }),
    placeholderData: (before) => before,
    retry: false,
  });
}

const KINDS = ['at_x', 'at_s'] as const;

function RungEditor({ rung, onChange }: { rung: Rung; onChange: (rung: Rung) => void }) {
  const { t } = useTranslation();
  const kind = rung.at_s === undefined || rung.at_s === null ? 'at_x' : 'at_s';
  const value = kind === 'at_x' ? Math.round((rung.at_x ?? 0) * 100) : (rung.at_s ?? 0);
  const begin = (how: string, said: number): Rung =>
    how === 'at_x'
      ? { ...rung, at_s: null, at_x: Math.min(Math.max(said, 0), 300) / 100 }
      : { ...rung, at_x: null, at_s: Math.max(0, Math.round(said)) };
  return (
    <>
      <div className="clause clause-two">
        <Select
          label={t('ladder.begins')}
          value={kind}
          options={KINDS.map((one) => ({ value: one, label: t(`ladder.${one}`) }))}
          onChange={(how) => onChange(begin(how, how === 'at_x' ? 50 : 30))}
        />
        <TextField
          label={t(`ladder.${kind}_field`)}
          type="number"
          min={0}
          value={String(value)}
          onChange={(event) => onChange(begin(kind, Number(event.target.value) || 0))}
        />
        <Select
          label={t('ladder.lower')}
          value={String(rung.lower_all ?? 0)}
          options={['0', '1', '2', '3', '4'].map((one) => ({ value: one, label: one }))}
          onChange={(by) => onChange({ ...rung, lower_all: Number(by) })}
        />
        <Select
          label={t('ladder.members')}
          value={String(rung.add_member_rank ?? 0)}
          options={[
            { value: '0', label: t('ladder.members_next') },
            ...['2', '3', '4', '5', '6', '7', '8', '9'].map((one) => ({ value: one, label: one })),
          ]}
          onChange={(rank) => onChange({ ...rung, add_member_rank: Number(rank) })}
        />
      </div>
      <fieldset className="checks">
        <legend>{t('ladder.also')}</legend>
        <Check
          label={t('ladder.drop_desired')}
          checked={rung.drop_desired ?? false}
          onChange={(drop_desired) => onChange({ ...rung, drop_desired })}
        />
        <Check
          label={t('ladder.substitutes')}
          checked={rung.substitutes ?? false}
          onChange={(substitutes) => onChange({ ...rung, substitutes })}
        />
        <Check
          label={t('ladder.related')}
          checked={rung.related ?? false}
          onChange={(related) => onChange({ ...rung, related })}
        />
      </fieldset>
    </>
  );
}

function Ladder({ draft, change, id }: WaitingProps) {
  const { t } = useTranslation();
  const names = useNames();
  const reached = useReached(draft, id);
  const own = draft.ladder !== null;
  const rungs = draft.ladder ?? USUAL;
  const set = (ladder: Rung[]): void => change({ ladder });
  return (
    <fieldset className="rule-part stack">
      <legend>{t('ladder.title')}</legend>
      <Switch
        label={t('ladder.own')}
        hint={t('ladder.own_hint')}
        checked={own}
        onChange={(on) => change({ ladder: on ? USUAL.map((one) => ({ ...one })) : null })}
      />
      <ol className="plain-list stack">
        {rungs.map((rung, at) => {
          const start = begins(rung);
          const told = changes(rung, at, at === rungs.length - 1, names);
          const found = reached.data?.items[at + 1];
          return (
            <li key={at} className="rule-part stack">
              <div className="row">
                <p className="grow">
                  <strong>{t(start.key, start.values)}</strong>{' '}
                  {told.map((one) => t(one.key, one.values)).join(' · ')}
                </p>
                {found && !reached.isError && (
                  <span className="soft small">
                    {t('ladder.reaches', { count: found.agents, here: found.signed_in })}
                  </span>
                )}
                {own && rungs.length > 1 && (
                  <IconButton
                    icon="trash"
                    label={t('ladder.remove', { place: at + 1 })}
                    onClick={() => set(rungs.filter((_, n) => n !== at))}
                  />
                )}
              </div>
              {own && (
                <RungEditor
                  rung={rung}
                  onChange={(next) => set(rungs.map((one, n) => (n === at ? next : one)))}
                />
              )}
            </li>
          );
        })}
      </ol>
      {reached.isError && (
        <p className="soft small" role="status">
          {t('ladder.refused')}
        </p>
      )}
      {own && rungs.length < RUNGS_MAX && (
        <div className="row">
          <Button small icon="plus" onClick={() => set([...rungs, nextRung(rungs.at(-1))])}>
            {t('ladder.add')}
          </Button>
        </div>
      )}
    </fieldset>
  );
}

const ORDERINGS = ['score', 'longest_idle', 'static_priority', 'fifo'];

export function QueueWaiting({ draft, change, id }: WaitingProps) {
  const { t } = useTranslation();
  const { queues } = useSetup();
  const others = queues.filter((one) => one.id !== id);
  return (
    <>
      <fieldset className="rule-part stack">
        <legend>{t('queue.needs')}</legend>
        <Needs
          late
          needs={draft.requirements}
          onChange={(requirements) => change({ requirements })}
        />
      </fieldset>
      <Ladder draft={draft} change={change} id={id} />
      {others.length > 0 && (
        <fieldset className="checks">
          <legend>{t('queue.related')}</legend>
          {others.map((one) => (
            <Check
              key={one.id}
              label={one.name}
              checked={draft.related.includes(one.id)}
              onChange={(on) =>
                change({
                  related: on
                    ? [...draft.related, one.id]
                    : draft.related.filter((other) => other !== one.id),
                })
              }
            />
          ))}
        </fieldset>
      )}
      <Switch
        label={t('queue.skip')}
        hint={t('queue.skip_hint')}
        checked={draft.skip_if_nobody}
        onChange={(skip_if_nobody) => change({ skip_if_nobody })}
      />
      <Select
        label={t('queue.ordering')}
        hint={t(`queue.ordering.${draft.ordering}_hint`)}
        value={draft.ordering}
        onChange={(ordering) => change({ ordering })}
        options={ORDERINGS.map((value) => ({ value, label: t(`queue.ordering.${value}`) }))}
      />
      <TextField
        label={t('queue.reserve')}
        hint={t('queue.reserve_hint')}
        inputMode="numeric"
        placeholder={t('queue.reserve_rule')}
        value={draft.reserve}
        onChange={(event) => change({ reserve: event.target.value })}
      />
    </>
  );
}
