// One ladder: its rungs, each with its moment, what it does and whom it concerns.

import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Button, IconButton } from '@ui/Button';
import { Check, Select, Switch, TextField } from '@ui/Field';
import { useSetup } from '@agent/data/hooks';
import { EditDialog } from './EditDialog';
import {
  ACTIONS,
  freshRung,
  rungBody,
  rungOf,
  rungReady,
  tells,
  type Action,
  type LadderRow,
  type RungDraft,
  type When,
} from './escalationModel';
import type { HookRow } from './Hooks';
import { seen, useRowsOf } from './list';

interface RungProps {
  draft: RungDraft;
  change: (part: Partial<RungDraft>) => void;
}

function Whom({ draft, change }: RungProps) {
  const { t } = useTranslation();
  const { departments, colleagues, me } = useSetup();
  const people = [...new Map([me, ...colleagues].map((one) => [one.id, one])).values()];
  const roles = draft.action === 'assign' ? ['lead'] : ['assignee', 'lead', 'on_call'];
  const options = [
    ...departments.map((one) => ({
      value: `lead:${one.id}`,
      label: t('escalation.who.lead_of', { name: one.name }),
    })),
    ...(draft.action === 'assign'
      ? []
      : departments.flatMap((one) => [
          { value: `department:${one.id}`, label: one.name },
          {
            value: `on_call:${one.id}`,
            label: t('escalation.who.on_call_of', { name: one.name }),
          },
        ])),
    ...people.map((one) => ({ value: `person:${one.id}`, label: one.name })),
  ];
  const chosen = options.filter((one) => draft.to.includes(one.value));
  return (
    <div className="stack">
      <fieldset className="checks">
        <legend>{t('escalation.whom')}</legend>
        {roles.map((who) => (
          <Check
            key={who}
            label={t(`escalation.who.${who}`)}
            checked={draft.to.includes(who)}
            onChange={(on) =>
              change({ to: on ? [...draft.to, who] : draft.to.filter((one) => one !== who) })
            }
          />
        ))}
        {chosen.map((one) => (
          <Check
            key={one.value}
            label={one.label}
            checked
            onChange={() => change({ to: draft.to.filter((other) => other !== one.value) })}
          />
        ))}
      </fieldset>
      <Select
        label={t('escalation.whom_more')}
        value=""
        options={[
          { value: '', label: t('escalation.choose') },
          ...options.filter((one) => !draft.to.includes(one.value)),
        ]}
        onChange={(value) => value && change({ to: [...draft.to, value] })}
      />
    </div>
  );
}

function Doing({ draft, change }: RungProps) {
  const { t } = useTranslation();
  const { queues } = useSetup();
  const hooks = useRowsOf<HookRow>('/v1/hooks');
  const untouched = { value: '', label: t('rules.keep') };
  switch (draft.action) {
    case 'move':
      return (
        <Select
          label={t('word.queue')}
          value={draft.queue_id}
          onChange={(queue_id) => change({ queue_id })}
          options={[
            { value: '', label: t('escalation.choose') },
            ...queues.map((one) => ({ value: one.id, label: one.name })),
          ]}
        />
      );
    case 'raise':
      return (
        <div className="rung-grid">
          <Select
            label={t('rules.urgency')}
            value={draft.urgency}
            onChange={(urgency) => change({ urgency })}
            options={[
              untouched,
              ...['up', 'high', 'critical'].map((value) => ({
                value,
                label: t(`escalation.urgency.${value}`),
              })),
            ]}
          />
          <Select
            label={t('rules.tier')}
            value={draft.tier}
            onChange={(tier) => change({ tier })}
            options={[
              untouched,
              ...['priority', 'vip'].map((value) => ({ value, label: t(`tier.${value}`) })),
            ]}
          />
        </div>
      );
    case 'ladder':
      return (
        <Select
          label={t('escalation.step')}
          value={draft.step}
          onChange={(step) => change({ step })}
          options={['1', '2', '3', '4', '5', '6', '7', '8'].map((value) => ({
            value,
            label: value,
          }))}
        />
      );
    case 'webhook':
      return (
        <Select
          label={t('hook.one')}
          hint={t('hook.one_hint')}
          value={draft.hook_id}
          onChange={(hook_id) => change({ hook_id })}
          options={[
            { value: '', label: t('escalation.choose') },
            ...hooks.rows.map((one) => ({ value: one.id, label: one.name })),
          ]}
        />
      );
    case 'note':
      return null;
    default:
      return <Whom draft={draft} change={change} />;
  }
}

interface RungBoxProps extends RungProps {
  place: number;
  alone: boolean;
  onRemove: () => void;
}

function RungBox({ draft, change, place, alone, onRemove }: RungBoxProps) {
  const { t } = useTranslation();
  return (
    <li className="rung" aria-label={t('escalation.rung', { place })}>
      <div className="rung-head">
        <strong>{t('escalation.rung', { place })}</strong>
        <IconButton
          icon="trash"
          label={t('escalation.rung_remove', { place })}
          disabled={alone}
          onClick={onRemove}
        />
      </div>
      <div className="rung-grid">
        <Select
          label={t('escalation.when')}
          value={draft.when}
          onChange={(when) => change({ when: when as When })}
          options={(['pct', 'before', 'after'] as const).map((value) => ({
            value,
            label: t(`escalation.when.${value}`),
          }))}
        />
        <TextField
          label={t(draft.when === 'pct' ? 'escalation.pct' : 'escalation.minutes')}
          inputMode="numeric"
          value={draft.amount}
          onChange={(event) => change({ amount: event.target.value })}
        />
        <Select
          label={t('escalation.action')}
          value={draft.action}
          onChange={(action) => change({ action: action as Action })}
          options={ACTIONS.map((value) => ({ value, label: t(`escalation.action.${value}`) }))}
        />
      </div>
      <Doing draft={draft} change={change} />
      {(tells(draft.action) || draft.action === 'note') && (
        <TextField
          label={t('escalation.text')}
          value={draft.text}
          maxLength={500}
          onChange={(event) => change({ text: event.target.value })}
        />
      )}
      {tells(draft.action) && (
        <div className="rung-grid">
          <TextField
            label={t('escalation.repeat')}
            hint={t('escalation.repeat_hint')}
            inputMode="numeric"
            value={draft.repeat}
            onChange={(event) => change({ repeat: event.target.value })}
          />
          <Switch
            label={t('escalation.ack')}
            hint={t('escalation.ack_hint')}
            checked={draft.ack}
            onChange={(ack) => change({ ack })}
          />
        </div>
      )}
    </li>
  );
}

export function EscalationDialog({ row, onClose }: { row?: LadderRow; onClose: () => void }) {
  const { t } = useTranslation();
  const [name, setName] = useState(row?.name ?? '');
  const [rungs, setRungs] = useState<RungDraft[]>(() =>
    row ? row.steps.map(rungOf) : [freshRung(0)],
  );
  const put = (key: number, part: Partial<RungDraft>): void =>
    setRungs((was) => was.map((one) => (one.key === key ? { ...one, ...part } : one)));
  const body = { name: name.trim(), steps: rungs.map(rungBody) };
  return (
    <EditDialog
      wide
      title={t(row ? 'escalation.edit' : 'escalation.new')}
      ready={name.trim() !== '' && rungs.every(rungReady)}
      save={(client) =>
        row
          ? client.patch(`/v1/escalations/${row.id}`, { body, headers: seen(row) })
          : client.post('/v1/escalations', { body })
      }
      onClose={onClose}
    >
      <TextField
        label={t('admin.name')}
        value={name}
        maxLength={200}
        onChange={(event) => setName(event.target.value)}
      />
      <ol className="plain-list stack">
        {rungs.map((one, at) => (
          <RungBox
            key={one.key}
            draft={one}
            place={at + 1}
            alone={rungs.length === 1}
            change={(part) => put(one.key, part)}
            onRemove={() => setRungs(rungs.filter((other) => other.key !== one.key))}
          />
        ))}
      </ol>
      <div className="row">
        <Button
          icon="plus"
          disabled={rungs.length >= 12}
          onClick={() =>
            setRungs([...rungs, freshRung(Math.max(...rungs.map((one) => one.key)) + 1)])
          }
        >
          {t('escalation.rung_add')}
        </Button>
      </div>
    </EditDialog>
  );
}
