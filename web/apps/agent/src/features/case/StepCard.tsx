// A step that is being done: its checklist, its form, and what brings it to its end.

import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { CaseStep, FormAnswer, FormField } from '@api/types';
import { onFrame } from '@sync/entities';
import { Button } from '@ui/Button';
import { Check, Select, TextField } from '@ui/Field';
import { useEntity, useNames } from '@agent/data/hooks';
import { answerOf, mayDo, missing, type Actor } from './stepModel';
import { StepReasonDialog } from './StepReasonDialog';
import { useHand } from './useHand';
import { useStep, type StepActs } from './useStep';

interface AnswerProps {
  field: FormField;
  step: CaseStep;
  acts: StepActs;
  disabled: boolean;
}

/** What was just said stands on the screen until the server's answer does: the store tells of it at the next frame. */
function useSaid<T>(kept: T, tell: (value: T) => Promise<boolean>): [T, (value: T) => void] {
  const [said, setSaid] = useState<{ value: T }>();
  const say = (value: T): void => {
    const one = { value };
    setSaid(one);
    void tell(value).then(() => onFrame(() => setSaid((now) => (now === one ? undefined : now))));
  };
  return [said ? said.value : kept, say];
}

const PAUSE_MS = 600;

/** A typed answer is kept when the field is left, and when the typing pauses. */
function Typed({ field, step, acts, disabled }: AnswerProps) {
  const { t } = useTranslation();
  const given = step.answers[field.key];
  const kept = given === undefined ? '' : String(given);
  const [text, setText] = useState<string>();
  const shown = text ?? kept;
  const value = answerOf(field.type, shown);
  const keep = (): void => {
    if (text === undefined || text === kept || value === undefined) return;
    void acts.answer(field.key, value).then((good) => {
      if (good) setText((now) => (now === text ? undefined : now));
    });
  };
  useEffect(() => {
    const timer = setTimeout(keep, PAUSE_MS);
    return () => clearTimeout(timer);
    // once per change of the text: a refused answer is not sent again by itself
  }, [text]);
  return (
    <TextField
      label={field.required ? `${field.label} *` : field.label}
      type={field.type === 'date' ? 'date' : 'text'}
      inputMode={field.type === 'number' ? 'decimal' : undefined}
      value={shown}
      required={field.required}
      disabled={disabled}
      maxLength={4000}
      error={value === undefined ? t('steps.not_a_number') : undefined}
      onChange={(event) => setText(event.target.value)}
      onBlur={keep}
      onKeyDown={(event) => event.key === 'Enter' && keep()}
    />
  );
}

function Answer(props: AnswerProps) {
  const { t } = useTranslation();
  const { field, step, acts, disabled } = props;
  const [given, say] = useSaid<FormAnswer | null>(step.answers[field.key] ?? null, (value) =>
    acts.answer(field.key, value),
  );
  if (field.type === 'check')
    return (
      <Check
        label={field.required ? `${field.label} *` : field.label}
        checked={given === true}
        disabled={disabled}
        onChange={say}
      />
    );
  if (field.type !== 'choice') return <Typed {...props} />;
  return (
    <Select
      label={field.required ? `${field.label} *` : field.label}
      value={typeof given === 'string' ? given : ''}
      disabled={disabled}
      onChange={(value) => say(value || null)}
      options={[
        { value: '', label: t('steps.choose') },
        ...field.options.map((option) => ({ value: option, label: option })),
      ]}
    />
  );
}

function Item({
  one,
  acts,
  disabled,
}: Omit<AnswerProps, 'field' | 'step'> & {
  one: CaseStep['checklist'][number];
}) {
  const names = useNames();
  const [on, say] = useSaid(one.at !== null, (value) => acts.tick(one.key, value));
  return (
    <div className="row step-check">
      <Check label={one.title} checked={on} disabled={disabled} onChange={say} />
      {one.by && <span className="tiny soft cut">{names.person(one.by)}</span>}
    </div>
  );
}

function Checklist({ step, acts, disabled }: Omit<AnswerProps, 'field'>) {
  const { t } = useTranslation();
  if (step.checklist.length === 0) return null;
  return (
    <fieldset className="step-checks">
      <legend className="sr">{t('steps.checklist')}</legend>
      {step.checklist.map((one) => (
        <Item key={one.key} one={one} acts={acts} disabled={disabled} />
      ))}
    </fieldset>
  );
}

function Left({ step }: { step: CaseStep }) {
  const { t } = useTranslation();
  const { checks, fields } = missing(step);
  if (checks + fields === 0) return null;
  return (
    <span className="tiny soft step-left">
      {[
        checks > 0 && t('steps.checks_left', { count: checks }),
        fields > 0 && t('steps.fields_left', { count: fields }),
      ]
        .filter(Boolean)
        .join(' · ')}
    </span>
  );
}

export function StepCard({ step, actor }: { step: CaseStep; actor: Actor }) {
  const { t } = useTranslation();
  const acts = useStep(step);
  const work = useEntity('work_item', step.work_item_id ?? undefined);
  const hand = useHand(work);
  const [rejecting, setRejecting] = useState(false);
  const may = mayDo(work, actor);
  const left = missing(step);
  const waits = step.state === 'waiting';
  const approves = step.kind === 'approval';
  const said = waits ? 'steps.go_on' : approves ? 'steps.approve' : 'steps.finish';
  return (
    <div className="step-card">
      <Checklist step={step} acts={acts} disabled={!may} />
      {step.form.length > 0 && (
        <div className="step-form">
          {step.form.map((field) => (
            <Answer key={field.key} field={field} step={step} acts={acts} disabled={!may} />
          ))}
        </div>
      )}
      <div className="row wrap step-acts">
        <Button
          small
          look="primary"
          icon="check"
          busy={acts.busy}
          disabled={!may || (!waits && left.checks + left.fields > 0)}
          onClick={() => void acts.move('finish')}
        >
          {t(said)}
        </Button>
        {!waits && (
          <Button small icon="close" disabled={!may} onClick={() => setRejecting(true)}>
            {t('steps.reject')}
          </Button>
        )}
        {work && !work.agent_id && actor.writes && (
          <Button small icon="hand" busy={hand.busy} onClick={() => void hand.claim()}>
            {t('action.take')}
          </Button>
        )}
        {!waits && <Left step={step} />}
      </div>
      {rejecting && (
        <StepReasonDialog step={step} verb="reject" onClose={() => setRejecting(false)} />
      )}
    </div>
  );
}
