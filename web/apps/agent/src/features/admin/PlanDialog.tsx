// One step of a process as it is designed: what is done, where, until when, and what comes after.

import { useId, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { StepKind } from '@api/types';
import { Button } from '@ui/Button';
import { Dialog } from '@ui/Dialog';
import { Select, Switch, TextField } from '@ui/Field';
import { useNames, useSetup } from '@agent/data/hooks';
import { Needs } from './Needs';
import {
  acts,
  inSeconds,
  inUnit,
  KINDS,
  keyOf,
  ready,
  waits,
  worked,
  type Step,
  type Unit,
} from './processModel';
import { StepActs, StepTitles } from './StepActs';
import { Checklist, Questions, Ways } from './StepParts';

interface SpanProps {
  label: string;
  hint?: string;
  seconds: number | null;
  onChange: (seconds: number | null) => void;
}

function Span({ label, hint, seconds, onChange }: SpanProps) {
  const { t } = useTranslation();
  const [typed, setTyped] = useState(() => inUnit(seconds));
  const put = (amount: string, unit: Unit): void => {
    setTyped({ amount, unit });
    onChange(inSeconds(amount, unit));
  };
  return (
    <div className="clause clause-two">
      <TextField
        label={label}
        hint={hint}
        inputMode="decimal"
        value={typed.amount}
        onChange={(event) => put(event.target.value, typed.unit)}
      />
      <Select
        label={t('process.unit')}
        value={typed.unit}
        options={['minutes', 'hours', 'days'].map((value) => ({
          value,
          label: t(`process.unit.${value}`),
        }))}
        onChange={(unit) => put(typed.amount, unit as Unit)}
      />
    </div>
  );
}

interface PartProps {
  step: Step;
  put: (change: Partial<Step>) => void;
}

function Work({ step, put }: PartProps) {
  const { t } = useTranslation();
  const { queues } = useSetup();
  const names = useNames();
  return (
    <>
      <Select
        label={t('word.queue')}
        value={step.queue ?? ''}
        onChange={(queue) => put({ queue: queue || null })}
        options={[
          ...(step.queue ? [] : [{ value: '', label: t('steps.choose') }]),
          ...queues.map((one) => ({
            value: one.id,
            label: `${one.name} · ${names.department(one.department_id)}`,
          })),
        ]}
      />
      <Span
        label={t('process.target')}
        hint={t('process.target_hint')}
        seconds={step.target_s}
        onChange={(target_s) => put({ target_s })}
      />
      {step.kind === 'approval' && (
        <TextField
          label={t('process.approvals')}
          hint={t('process.approvals_hint')}
          type="number"
          min={1}
          max={10}
          value={step.approvals}
          onChange={(event) =>
            put({ approvals: Math.min(10, Math.max(1, Number(event.target.value) || 1)) })
          }
        />
      )}
    </>
  );
}

function Rest({ step, put, above }: PartProps & { above: readonly Step[] }) {
  const { t } = useTranslation();
  return (
    <fieldset className="rule-part stack">
      <legend>{t('process.course')}</legend>
      <TextField
        label={t('process.enter_if')}
        hint={t('process.enter_hint')}
        className="input mono"
        value={step.enter_if}
        maxLength={2000}
        onChange={(event) => put({ enter_if: event.target.value })}
      />
      {above.length > 0 && step.kind !== 'close' && (
        <Switch
          label={t('process.beside')}
          hint={t('process.beside_hint', { name: above.at(-1)?.title ?? '' })}
          checked={step.beside}
          onChange={(beside) => put({ beside })}
        />
      )}
      <Select
        label={t('process.join')}
        hint={t('process.join_hint')}
        value={step.join}
        options={(['all', 'any'] as const).map((value) => ({
          value,
          label: t(`process.join.${value}`),
        }))}
        onChange={(join) => put({ join: join === 'any' ? 'any' : 'all' })}
      />
      {worked(step.kind) && (
        <Select
          label={t('process.on_reject')}
          value={step.on_reject ?? ''}
          options={[
            { value: '', label: t('process.reject_ends') },
            ...[...above, step].map((one) => ({
              value: one.key,
              label: t('process.reject_back', { name: one.title || one.key }),
            })),
          ]}
          onChange={(back) => put({ on_reject: back || null })}
        />
      )}
    </fieldset>
  );
}

interface PlanDialogProps {
  step: Step;
  /** All other steps in their order, and how many of them stand above this one. */
  others: readonly Step[];
  above: number;
  fresh: boolean;
  onClose: () => void;
  onDone: (step: Step) => void;
}

export function PlanDialog({ step, others, above, fresh, onClose, onDone }: PlanDialogProps) {
  const { t } = useTranslation();
  const id = useId();
  const [draft, setDraft] = useState(step);
  const put = (change: Partial<Step>): void => setDraft({ ...draft, ...change });
  const named: Step = {
    ...draft,
    title: draft.title.trim(),
    key:
      draft.key ||
      keyOf(
        draft.title,
        others.map((one) => one.key),
      ),
  };
  const good = ready(named);
  return (
    <Dialog
      wide
      title={t(fresh ? 'process.step_new' : 'process.step_edit')}
      onClose={onClose}
      actions={
        <>
          <Button onClick={onClose}>{t('ui.cancel')}</Button>
          <Button type="submit" form={id} look="primary" disabled={!good}>
            {t('rules.take')}
          </Button>
        </>
      }
    >
      <form
        id={id}
        noValidate
        className="dialog-form"
        onSubmit={(event) => {
          event.preventDefault();
          if (good) onDone(named);
        }}
      >
        <StepTitles step={draft} put={put} />
        <Select
          label={t('process.kind')}
          hint={t(`process.kind_hint.${draft.kind}`)}
          value={draft.kind}
          options={KINDS.map((value) => ({ value, label: t(`process.kind.${value}`) }))}
          onChange={(kind) => put({ kind: kind as StepKind })}
        />
        {worked(draft.kind) && <Work step={draft} put={put} />}
        {acts(draft.kind) && <StepActs step={draft} put={put} />}
        {waits(draft.kind) && (
          <Span
            label={t('process.wait')}
            seconds={draft.wait_s}
            onChange={(wait_s) => put({ wait_s })}
          />
        )}
        {worked(draft.kind) && <Checklist step={draft} put={put} />}
        {worked(draft.kind) && <Questions step={draft} put={put} />}
        {worked(draft.kind) && (
          <fieldset className="rule-part stack">
            <legend>{t('process.needs')}</legend>
            <Needs needs={draft.requirements} onChange={(requirements) => put({ requirements })} />
          </fieldset>
        )}
        <Rest step={draft} put={put} above={others.slice(0, above)} />
        {draft.kind !== 'close' && <Ways step={draft} put={put} others={others} />}
      </form>
    </Dialog>
  );
}
