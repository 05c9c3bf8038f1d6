// The actions of an event rule: a closed list, each with the few things it needs.

import { useTranslation } from 'react-i18next';
import type { CaseKind } from '@api/types';
import { Button, IconButton } from '@ui/Button';
import { Select, TextArea, TextField } from '@ui/Field';
import { useLanguage, useNames, useSetup } from '@agent/data/hooks';
import { ACTIONS, freshAction, words, type ActionName, type EventAction } from './eventModel';
import { useRowsOf } from './list';

interface OneProps {
  action: EventAction;
  put: (change: Partial<EventAction>) => void;
}

function Tags({ action, put }: OneProps) {
  const { t } = useTranslation();
  return (
    <div className="clause clause-two">
      {(['add', 'remove'] as const).map((way) => (
        <TextField
          key={way}
          label={t(`events.tags_${way}`)}
          hint={t('events.tags_hint')}
          defaultValue={(action[way] ?? []).join(', ')}
          onChange={(event) => put({ [way]: words(event.target.value) })}
        />
      ))}
    </div>
  );
}

function Place({ action, put }: OneProps) {
  const { t } = useTranslation();
  const { queues } = useSetup();
  const names = useNames();
  return (
    <Select
      label={t('word.queue')}
      value={action.queue ?? ''}
      options={queues.map((one) => ({
        value: one.id,
        label: `${one.name} · ${names.department(one.department_id)}`,
      }))}
      onChange={(queue) => put({ queue })}
    />
  );
}

function Kind({ action, put }: OneProps) {
  const { t } = useTranslation();
  const language = useLanguage();
  const kinds = useRowsOf<CaseKind>('/v1/case_kinds');
  return (
    <Select
      label={t('case.kind')}
      value={action.kind ?? ''}
      options={[
        { value: '', label: t('kind.plain') },
        ...kinds.rows.map((one) => ({
          value: one.id,
          label: one.name[language] ?? one.name.en ?? one.key,
        })),
      ]}
      onChange={(kind) => put({ kind: kind || null })}
    />
  );
}

function Skill({ action, put }: OneProps) {
  const { t } = useTranslation();
  const { skills } = useSetup();
  const names = useNames();
  const need = action.requirement ?? { skill: '', min_level: 3, kind: 'required' };
  return (
    <div className="clause clause-two">
      <Select
        label={t('word.skill')}
        value={need.skill}
        options={skills.map((one) => ({ value: one.key, label: names.skill(one.key) }))}
        onChange={(skill) => put({ requirement: { ...need, skill } })}
      />
      <Select
        label={t('rules.level')}
        value={String(need.min_level)}
        options={['1', '2', '3', '4', '5'].map((value) => ({ value, label: value }))}
        onChange={(level) => put({ requirement: { ...need, min_level: Number(level) } })}
      />
    </div>
  );
}

function Notice({ action, put }: OneProps) {
  const { t } = useTranslation();
  const { colleagues } = useSetup();
  return (
    <div className="clause clause-two">
      <Select
        label={t('events.notify_to')}
        value={action.to ?? 'leads'}
        options={[
          { value: 'leads', label: t('events.to.leads') },
          { value: 'owner', label: t('events.to.owner') },
          ...colleagues.map((one) => ({ value: one.id, label: one.name })),
        ]}
        onChange={(to) => put({ to })}
      />
      <TextField
        label={t('events.text')}
        value={action.text ?? ''}
        maxLength={200}
        onChange={(event) => put({ text: event.target.value })}
      />
    </div>
  );
}

function Attribute({ action, put }: OneProps) {
  const { t } = useTranslation();
  return (
    <div className="clause clause-two">
      <TextField
        label={t('events.attribute')}
        value={action.name ?? ''}
        maxLength={60}
        onChange={(event) => put({ name: event.target.value })}
      />
      <TextField
        label={t('rules.value')}
        value={action.value ?? ''}
        maxLength={500}
        onChange={(event) => put({ value: event.target.value })}
      />
    </div>
  );
}

function Level({ action, put }: OneProps) {
  const { t } = useTranslation();
  const tier = action.do === 'tier';
  const known = tier ? ['standard', 'priority', 'vip'] : ['low', 'normal', 'high', 'critical'];
  return (
    <Select
      label={t(tier ? 'rules.tier' : 'rules.urgency')}
      value={action.to ?? known[0] ?? ''}
      options={known.map((value) => ({
        value,
        label: t(tier ? `tier.${value}` : `rules.urgency.${value}`),
      }))}
      onChange={(to) => put({ to })}
    />
  );
}

function Fields(props: OneProps) {
  const { t } = useTranslation();
  const { action, put } = props;
  switch (action.do) {
    case 'tag':
      return <Tags {...props} />;
    case 'queue':
      return <Place {...props} />;
    case 'kind':
      return <Kind {...props} />;
    case 'requirement':
      return <Skill {...props} />;
    case 'notify':
      return <Notice {...props} />;
    case 'attribute':
      return <Attribute {...props} />;
    case 'note':
      return (
        <TextArea
          label={t('events.text')}
          rows={2}
          maxLength={2000}
          value={action.text ?? ''}
          onChange={(event) => put({ text: event.target.value })}
        />
      );
    default:
      return <Level {...props} />;
  }
}

interface ActionsProps {
  actions: readonly EventAction[];
  onChange: (actions: EventAction[]) => void;
  /** What is not offered here. */
  without?: readonly ActionName[];
}

export function EventActions({ actions, onChange, without = [] }: ActionsProps) {
  const { t } = useTranslation();
  const { queues, skills } = useSetup();
  const fresh = (name: ActionName): EventAction =>
    freshAction(name, queues[0]?.id ?? '', skills[0]?.key ?? '');
  const offered = ACTIONS.filter(
    (name) => !without.includes(name) && (name !== 'requirement' || skills.length > 0),
  );
  const set = (at: number, action: EventAction): void =>
    onChange(actions.map((one, n) => (n === at ? action : one)));
  return (
    <fieldset className="rule-part stack">
      <legend>{t('rules.then')}</legend>
      <ul className="plain-list stack">
        {actions.map((action, at) => (
          // actions have no name of their own
          <li key={`${at}${action.do}`} className="stack process-field">
            <div className="clause clause-one">
              <Select
                label={t('events.action', { place: at + 1 })}
                value={action.do}
                options={offered.map((value) => ({ value, label: t(`events.do.${value}`) }))}
                onChange={(name) => set(at, fresh(name as ActionName))}
              />
              <IconButton
                icon="trash"
                label={t('events.action_remove', { place: at + 1 })}
                disabled={actions.length === 1}
                onClick={() => onChange(actions.filter((_, n) => n !== at))}
              />
            </div>
            <Fields action={action} put={(change) => set(at, { ...action, ...change })} />
          </li>
        ))}
      </ul>
      <div className="row">
        <Button
          small
          icon="plus"
          disabled={actions.length >= 10}
          onClick={() => onChange([...actions, fresh('note')])}
        >
          {t('events.action_add')}
        </Button>
      </div>
    </fieldset>
  );
}
