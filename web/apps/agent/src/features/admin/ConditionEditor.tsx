// The condition of a rule: rows for what people mean every day, the expression for everything else.

import { useId, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Button, IconButton } from '@ui/Button';
import { Select, TextArea, TextField } from '@ui/Field';
import { Tabs } from '@ui/Small';
import { useLanguage } from '@agent/data/hooks';
import { useRowsOf } from './list';
import { FIELDS, OPS, read, write, type Clause, type Condition, type FieldName } from './condition';
import { FaultList } from './FaultList';
import type { Fault } from './ruleModel';

const CHOICES: Partial<Record<FieldName, readonly string[]>> = {
  channel: ['email', 'chat'],
  customer_tier: ['standard', 'priority', 'vip'],
  automated: ['no', 'auto_reply', 'bounce', 'bulk', 'loop'],
};
const WRITTEN = ['cs', 'en', 'pl', 'ru', 'sk', 'uk', 'de'];

/** How a person's language calls another one. */
export function languageName(language: string, code: string): string {
  return new Intl.DisplayNames([language], { type: 'language' }).of(code) ?? code;
}

function useChoices(field: FieldName): { value: string; label: string }[] {
  const { t } = useTranslation();
  const language = useLanguage();
  const accounts = useRowsOf<{ address: string; name: string }>('/v1/channel_accounts');
  if (field === 'account')
    return accounts.rows.map((one) => ({ value: one.address, label: one.name }));
  if (field === 'language' || field === 'customer_language') {
    return WRITTEN.map((value) => ({ value, label: languageName(language, value) }));
  }
  const words = { channel: 'channel', customer_tier: 'tier' }[field as string] ?? `rules.${field}`;
  return (CHOICES[field] ?? []).map((value) => ({ value, label: t(`${words}.${value}`) }));
}

function Value({ clause, onChange }: { clause: Clause; onChange: (value: string) => void }) {
  const { t } = useTranslation();
  const choices = useChoices(clause.field);
  const sort = FIELDS[clause.field];
  if (sort === 'yes') return null;
  if (sort === 'choice' || sort === 'account') {
    const known = choices.some((one) => one.value === clause.value);
    const strange = clause.value && !known ? [{ value: clause.value, label: clause.value }] : [];
    return (
      <Select
        label={t('rules.value')}
        value={clause.value}
        options={[...strange, ...choices]}
        onChange={onChange}
      />
    );
  }
  return (
    <TextField
      label={t('rules.value')}
      hint={clause.op === 'pattern' || sort === 'tag' ? undefined : t('rules.value_hint')}
      value={clause.value}
      onChange={(event) => onChange(event.target.value)}
    />
  );
}

function Row({
  clause,
  onChange,
  onRemove,
}: {
  clause: Clause;
  onChange: (clause: Clause) => void;
  onRemove: () => void;
}) {
  const { t } = useTranslation();
  const choices = useChoices(clause.field);
  const rename = (field: FieldName): void => {
    const sort = FIELDS[field];
    const value = field === clause.field ? clause.value : (CHOICES[field]?.[0] ?? '');
    const op = OPS[sort].includes(clause.op) ? clause.op : (OPS[sort][0] ?? 'is');
    const language = field === 'language' || field === 'customer_language';
    onChange({ field, op, value: language ? 'cs' : value });
  };
  if (FIELDS[clause.field] === 'account' && clause.value === '' && choices[0]) {
    onChange({ ...clause, value: choices[0].value });
  }
  return (
    <li className="clause">
      <Select
        label={t('rules.field')}
        value={clause.field}
        options={Object.keys(FIELDS).map((value) => ({ value, label: t(`rules.of.${value}`) }))}
        onChange={(value) => rename(value as FieldName)}
      />
      <Select
        label={t('rules.op')}
        value={clause.op}
        options={OPS[FIELDS[clause.field]].map((value) => ({
          value,
          label: t(`rules.op.${value}`),
        }))}
        onChange={(op) => onChange({ ...clause, op })}
      />
      <Value clause={clause} onChange={(value) => onChange({ ...clause, value })} />
      <IconButton icon="trash" label={t('rules.clause_remove')} onClick={onRemove} />
    </li>
  );
}

function Rows({
  condition,
  onChange,
}: {
  condition: Condition;
  onChange: (condition: Condition) => void;
}) {
  const { t } = useTranslation();
  const { join, clauses } = condition;
  const put = (list: Clause[]): void => onChange({ join, clauses: list });
  return (
    <>
      {clauses.length > 1 && (
        <Select
          label={t('rules.join')}
          value={join}
          options={['all', 'any'].map((value) => ({ value, label: t(`rules.join.${value}`) }))}
          onChange={(value) => onChange({ join: value === 'any' ? 'any' : 'all', clauses })}
        />
      )}
      {clauses.length === 0 && <p className="soft small">{t('rules.always')}</p>}
      <ul className="plain-list stack">
        {clauses.map((clause, at) => (
          <Row
            // rows have no name of their own
            key={at}
            clause={clause}
            onChange={(changed) => put(clauses.map((one, n) => (n === at ? changed : one)))}
            onRemove={() => put(clauses.filter((_, n) => n !== at))}
          />
        ))}
      </ul>
      <div className="row">
        <Button
          small
          icon="plus"
          onClick={() => put([...clauses, { field: 'subject', op: 'contains', value: '' }])}
        >
          {t('rules.clause_add')}
        </Button>
      </div>
    </>
  );
}

/** Rows while rows can say it; whoever writes an expression keeps it as it is. */
export function ConditionEditor({
  when,
  faults,
  onChange,
}: {
  when: string;
  faults: readonly Fault[];
  onChange: (when: string) => void;
}) {
  const { t } = useTranslation();
  const id = useId();
  const [rows, setRows] = useState(() => read(when));
  // What somebody types stays as typed ("a, "); only another expression is read anew.
  const condition = rows && write(rows) === when ? rows : read(when);
  const [mode, setMode] = useState(condition ? 'rows' : 'expression');
  const put = (next: Condition): void => {
    setRows(next);
    onChange(write(next));
  };
  const wrong = faults.filter((one) => one.field === 'when');
  return (
    <fieldset className="rule-part stack">
      <legend>{t('rules.when')}</legend>
      <Tabs
        label={t('rules.mode')}
        value={mode}
        onChange={(next) => setMode(condition ? next : 'expression')}
        controls={id}
        tabs={['rows', 'expression'].map((one) => ({ id: one, label: t(`rules.mode.${one}`) }))}
      />
      <div id={id} role="tabpanel" aria-labelledby={`tab-${mode}`} className="stack">
        {mode === 'rows' && condition ? (
          <Rows condition={condition} onChange={put} />
        ) : (
          <TextArea
            label={t('rules.expression')}
            hint={condition ? t('rules.expression_hint') : t('rules.expression_only')}
            className="mono"
            rows={4}
            spellCheck={false}
            value={when}
            onChange={(event) => onChange(event.target.value)}
          />
        )}
        <FaultList faults={wrong} source={when} />
      </div>
    </fieldset>
  );
}
