// One promise: for whom, which targets, by which hours, when to warn, which ladder to climb.

import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Button, IconButton } from '@ui/Button';
import { Icon } from '@ui/Icon';
import { Check, Select, Switch, TextField } from '@ui/Field';
import { EditDialog } from './EditDialog';
import { seen, useRowsOf } from './list';
import {
  PROMISED,
  SCOPE_KEYS,
  bodyOf,
  draftOf,
  ready,
  secondsOf,
  type PolicyDraft,
  type PolicyRow,
  type Scope,
  type ScopeKey,
  type Unit,
} from './targetModel';
import { WRITTEN, useScopeWords } from './useScopeWords';

interface PartProps {
  draft: PolicyDraft;
  change: (part: Partial<PolicyDraft>) => void;
}

function Values({
  name,
  list,
  onChange,
}: {
  name: ScopeKey;
  list: readonly string[];
  onChange: (list: string[]) => void;
}) {
  const { t } = useTranslation();
  const { choices } = useScopeWords();
  const [text, setText] = useState(list.join(', '));
  if (WRITTEN.includes(name)) {
    return (
      <TextField
        label={t(`targets.scope.${name}`)}
        hint={t(`targets.scope.${name}_hint`)}
        value={text}
        onChange={(event) => {
          setText(event.target.value);
          const parts = event.target.value.split(',').map((one) => one.trim());
          onChange(parts.filter(Boolean));
        }}
      />
    );
  }
  return (
    <fieldset className="checks">
      <legend>{t(`targets.scope.${name}`)}</legend>
      {choices(name).map((one) => (
        <Check
          key={one.value}
          label={one.label}
          checked={list.includes(one.value)}
          onChange={(on) =>
            onChange(on ? [...list, one.value] : list.filter((other) => other !== one.value))
          }
        />
      ))}
    </fieldset>
  );
}

function Whom({ draft, change }: PartProps) {
  const { t } = useTranslation();
  const put = (scope: Scope): void => change({ scope });
  const used = SCOPE_KEYS.filter((key) => key in draft.scope);
  const free = SCOPE_KEYS.filter((key) => !(key in draft.scope));
  const [next, setNext] = useState<ScopeKey>('tiers');
  const chosen = free.includes(next) ? next : free[0];
  return (
    <fieldset className="rule-part stack">
      <legend>{t('targets.whom')}</legend>
      {used.length === 0 && <p className="small soft">{t('targets.everything_hint')}</p>}
      <ul className="plain-list stack">
        {used.map((key) => (
          <li key={key} className="scope-line">
            <Values
              name={key}
              list={draft.scope[key] ?? []}
              onChange={(list) => put({ ...draft.scope, [key]: list })}
            />
            <IconButton
              icon="trash"
              label={t('targets.scope_remove', { name: t(`targets.scope.${key}`) })}
              onClick={() => {
                const { [key]: _, ...rest } = draft.scope;
                put(rest);
              }}
            />
          </li>
        ))}
      </ul>
      {chosen && (
        <div className="row wrap scope-more">
          <Select
            label={t('targets.scope_more')}
            value={chosen}
            options={free.map((value) => ({ value, label: t(`targets.scope.${value}`) }))}
            onChange={(value) => setNext(value as ScopeKey)}
          />
          <Button icon="plus" onClick={() => put({ ...draft.scope, [chosen]: [] })}>
            {t('targets.scope_add')}
          </Button>
        </div>
      )}
    </fieldset>
  );
}

function Spans({ draft, change }: PartProps) {
  const { t } = useTranslation();
  const units = (['min', 'h', 'd'] as const).map((value) => ({
    value,
    label: t(`targets.unit.${value}`),
  }));
  return (
    <fieldset className="rule-part stack">
      <legend>{t('targets.what')}</legend>
      <div className="span-grid">
        {PROMISED.map((one) => {
          const value = draft.targets[one];
          const put = (part: Partial<typeof value>): void =>
            change({ targets: { ...draft.targets, [one]: { ...value, ...part } } });
          return (
            <div key={one} className="span-line">
              <TextField
                label={t(`sla.${one}`)}
                inputMode="decimal"
                placeholder={t('targets.not_promised')}
                value={value.amount}
                error={Number.isNaN(secondsOf(value)) ? t('targets.no_amount') : undefined}
                onChange={(event) => put({ amount: event.target.value })}
              />
              <span className="select">
                <select
                  className="input"
                  aria-label={t('targets.unit_of', { name: t(`sla.${one}`) })}
                  value={value.unit}
                  onChange={(event) => put({ unit: event.target.value as Unit })}
                >
                  {units.map((unit) => (
                    <option key={unit.value} value={unit.value}>
                      {unit.label}
                    </option>
                  ))}
                </select>
                <Icon name="down" size={16} />
              </span>
            </div>
          );
        })}
      </div>
      <p className="tiny soft">{t('targets.working_time')}</p>
    </fieldset>
  );
}

function Manner({ draft, change }: PartProps) {
  const { t } = useTranslation();
  const calendars = useRowsOf<{ id: string; name: string }>('/v1/calendars');
  const ladders = useRowsOf<{ id: string; name: string }>('/v1/escalations');
  const pauses = ['wait_customer', 'wait_third_party'];
  return (
    <fieldset className="rule-part stack">
      <legend>{t('targets.how')}</legend>
      <div className="clause clause-two">
        <Select
          label={t('admin.hours')}
          value={draft.calendar_id}
          onChange={(calendar_id) => change({ calendar_id })}
          options={[
            { value: '', label: t('targets.hours_of_queue') },
            ...calendars.rows.map((one) => ({ value: one.id, label: one.name })),
          ]}
        />
        <Select
          label={t('targets.ladder')}
          value={draft.escalation_id}
          onChange={(escalation_id) => change({ escalation_id })}
          options={[
            { value: '', label: t('targets.no_ladder') },
            ...ladders.rows.map((one) => ({ value: one.id, label: one.name })),
          ]}
        />
        <TextField
          label={t('targets.warn')}
          type="number"
          min={1}
          max={99}
          value={draft.warn}
          onChange={(event) => change({ warn: event.target.value })}
        />
        <Select
          label={t('targets.on_change')}
          hint={t(`targets.on_change.${draft.on_change}_hint`)}
          value={draft.on_change}
          onChange={(on_change) => change({ on_change })}
          options={['stricter', 'replace', 'keep'].map((value) => ({
            value,
            label: t(`targets.on_change.${value}`),
          }))}
        />
      </div>
      <fieldset className="checks">
        <legend>{t('targets.pauses')}</legend>
        {pauses.map((state) => (
          <Check
            key={state}
            label={t(`case.state.${state}`)}
            checked={draft.pauses.includes(state)}
            onChange={(on) =>
              change({
                pauses: pauses.filter((one) => (one === state ? on : draft.pauses.includes(one))),
              })
            }
          />
        ))}
      </fieldset>
      <p className="tiny soft">{t('targets.pauses_hint')}</p>
    </fieldset>
  );
}

export function TargetDialog({
  row,
  rank,
  onClose,
}: {
  row?: PolicyRow;
  rank: number;
  onClose: () => void;
}) {
  const { t } = useTranslation();
  const [draft, setDraft] = useState(() => draftOf(row));
  const change = (part: Partial<PolicyDraft>): void => setDraft((was) => ({ ...was, ...part }));
  return (
    <EditDialog
      wide
      title={t(row ? 'targets.edit' : 'targets.new')}
      ready={ready(draft)}
      save={(client) =>
        row
          ? client.patch(`/v1/sla_policies/${row.id}`, { body: bodyOf(draft), headers: seen(row) })
          : client.post('/v1/sla_policies', { body: { ...bodyOf(draft), rank } })
      }
      onClose={onClose}
    >
      <TextField
        label={t('admin.name')}
        value={draft.name}
        maxLength={200}
        onChange={(event) => change({ name: event.target.value })}
      />
      <Whom draft={draft} change={change} />
      <Spans draft={draft} change={change} />
      <Manner draft={draft} change={change} />
      <Switch
        label={t('targets.active')}
        checked={draft.active}
        onChange={(active) => change({ active })}
      />
    </EditDialog>
  );
}
