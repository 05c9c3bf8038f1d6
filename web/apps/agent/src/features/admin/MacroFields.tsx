// The steps of a macro as fields: add, fill, move, take away.

import { useTranslation } from 'react-i18next';
import type { MacroStep, Texts } from '@api/types';
import { IconButton } from '@ui/Button';
import { Icon } from '@ui/Icon';
import { Select, TextArea, TextField } from '@ui/Field';
import { Menu } from '@ui/Menu';
import { useSetup } from '@agent/data/hooks';
import { filled, TextsField } from './shelf';

const KINDS = [
  'tag',
  'priority',
  'queue',
  'assign',
  'note',
  'reply',
  'solve',
  'snooze',
] as const satisfies readonly MacroStep['do'][];

const words = (typed: string): string[] =>
  typed
    .split(',')
    .map((word) => word.trim())
    .filter(Boolean);

/** Whether a step says everything it must. */
export function complete(step: MacroStep): boolean {
  switch (step.do) {
    case 'tag':
      return (step.add?.length ?? 0) + (step.remove?.length ?? 0) > 0;
    case 'queue':
      return step.queue_id !== '';
    case 'note':
      return step.text.trim() !== '';
    case 'reply':
      return Object.keys(filled(step.bodies)).length > 0;
    case 'snooze':
      return step.hours >= 1;
    default:
      return true;
  }
}

function useFresh() {
  const { queues } = useSetup();
  return (kind: MacroStep['do']): MacroStep => {
    const made: Record<MacroStep['do'], MacroStep> = {
      tag: { do: 'tag', add: [] },
      priority: { do: 'priority', to: 'high' },
      queue: { do: 'queue', queue_id: queues[0]?.id ?? '' },
      assign: { do: 'assign', to: 'me' },
      note: { do: 'note', text: '' },
      reply: { do: 'reply', bodies: {} },
      solve: { do: 'solve' },
      snooze: { do: 'snooze', hours: 24 },
    };
    return made[kind];
  };
}

interface StepProps {
  step: MacroStep;
  onChange: (step: MacroStep) => void;
}

function StepField({ step, onChange }: StepProps) {
  const { t } = useTranslation();
  const { queues, colleagues } = useSetup();
  switch (step.do) {
    case 'tag':
      return (
        <>
          <TextField
            label={t('macro.tags_add')}
            defaultValue={(step.add ?? []).join(', ')}
            onChange={(event) => onChange({ ...step, add: words(event.target.value) })}
          />
          <TextField
            label={t('macro.tags_remove')}
            defaultValue={(step.remove ?? []).join(', ')}
            onChange={(event) => onChange({ ...step, remove: words(event.target.value) })}
          />
        </>
      );
    case 'priority':
      return (
        <Select
          label={t('macro.do_priority')}
          value={step.to}
          onChange={(to) => onChange({ do: 'priority', to })}
          options={['low', 'normal', 'high', 'critical'].map((value) => ({
            value,
            label: t(`priority.${value}`),
          }))}
        />
      );
    case 'queue':
      return (
        <Select
          label={t('macro.do_queue')}
          value={step.queue_id}
          onChange={(queue_id) => onChange({ do: 'queue', queue_id })}
          options={queues.map(({ id, name }) => ({ value: id, label: name }))}
        />
      );
    case 'assign':
      return (
        <Select
          label={t('macro.do_assign')}
          value={step.to}
          onChange={(to) => onChange({ do: 'assign', to })}
          options={[
            { value: 'me', label: t('macro.me') },
            ...colleagues.map(({ id, name }) => ({ value: id, label: name })),
          ]}
        />
      );
    case 'note':
      return (
        <TextArea
          label={t('macro.do_note')}
          rows={3}
          value={step.text}
          onChange={(event) => onChange({ do: 'note', text: event.target.value })}
        />
      );
    case 'reply':
      return (
        <TextsField
          label={t('macro.do_reply')}
          texts={step.bodies}
          onChange={(bodies: Texts) => onChange({ do: 'reply', bodies: filled(bodies) })}
        />
      );
    case 'solve':
      return <p className="soft">{t('macro.says_solve')}</p>;
    case 'snooze':
      return (
        <TextField
          type="number"
          min={1}
          max={8784}
          label={t('macro.hours')}
          value={String(step.hours)}
          onChange={(event) => onChange({ do: 'snooze', hours: Number(event.target.value) })}
        />
      );
  }
}

interface StepsFieldProps {
  steps: MacroStep[];
  onChange: (steps: MacroStep[]) => void;
}

export function StepsField({ steps, onChange }: StepsFieldProps) {
  const { t } = useTranslation();
  const fresh = useFresh();
  const ended = steps.some((step) => step.do === 'solve' || step.do === 'snooze');
  const add = (kind: MacroStep['do']): void => {
    const last =
      kind === 'solve' || kind === 'snooze' ? steps.length : steps.length - Number(ended);
    onChange([...steps.slice(0, last), fresh(kind), ...steps.slice(last)]);
  };
  const taken = new Set(steps.map((step) => step.do));
  return (
    <div className="stack" role="group" aria-label={t('macro.steps')}>
      {steps.map((step, index) => (
        <div key={`${steps.length}-${index}-${step.do}`} className="card macro-step">
          <div className="row">
            <strong className="grow">{`${index + 1}. ${t(`macro.do_${step.do}`)}`}</strong>
            <IconButton
              icon="close"
              label={t('macro.remove_step', { number: index + 1 })}
              onClick={() => onChange(steps.filter((_, at) => at !== index))}
            />
          </div>
          <StepField
            step={step}
            onChange={(next) => onChange(steps.map((one, at) => (at === index ? next : one)))}
          />
        </div>
      ))}
      <div>
        <Menu
          label={t('macro.add_step')}
          className="button button-plain"
          button={
            <>
              <Icon name="plus" size={16} /> {t('macro.add_step')}
            </>
          }
          items={KINDS.map((kind) => ({
            id: kind,
            label: t(`macro.do_${kind}`),
            disabled:
              (kind !== 'tag' && kind !== 'note' && kind !== 'priority' && taken.has(kind)) ||
              (ended && (kind === 'solve' || kind === 'snooze')),
            onSelect: () => add(kind),
          }))}
        />
      </div>
    </div>
  );
}
