// The value of one row of the filter builder: what can be chosen depends on the field.

import { useTranslation } from 'react-i18next';
import { FIELDS, WORDS, type Value } from '@sync/filter';
import { useSetup } from '@agent/data/hooks';
import type { Line } from './draft';
import { Quiet } from './Builder';

interface Choice {
  value: string;
  label: string;
}

const MOMENTS = [
  'now-1h',
  'now-4h',
  'now',
  'today',
  'today-1d',
  'today-7d',
  'today+1d',
  'week',
  'month',
];
const UNITS = ['m', 'h', 'd', 'w'] as const;

function useChoices(field: string): readonly Choice[] | undefined {
  const { t } = useTranslation();
  const { departments, queues, colleagues, me } = useSetup();
  const named = (rows: readonly { id: string; name: string }[]): Choice[] =>
    rows.map((one) => ({ value: one.id, label: one.name }));
  const words = (prefix: string, values: readonly string[]): Choice[] =>
    values.map((value) => ({ value, label: t(`${prefix}.${value}`) }));
  switch (field) {
    case 'department':
      return named(departments);
    case 'queue':
      return named(queues);
    case 'owner':
    case 'agent':
      return [
        { value: 'me', label: t('views.me') },
        ...named(colleagues.filter((one) => one.id !== me.id)),
      ];
    case 'channel':
      return words('channel', ['email', 'chat']);
    case 'language':
      return words('language', ['cs', 'en', 'pl', 'ru']);
    case 'state':
      return words('case.state', WORDS.state ?? []);
    case 'priority':
      return words('case.priority', WORDS.priority ?? []);
    case 'tier':
      return words('tier', WORDS.tier ?? []);
    default:
      return undefined;
  }
}

function Several({
  label,
  chosen,
  choices,
  change,
}: {
  label: string;
  chosen: readonly string[];
  choices: readonly Choice[];
  change: (value: string[]) => void;
}) {
  const { t } = useTranslation();
  const name = (value: string): string =>
    choices.find((one) => one.value === value)?.label ?? value;
  const left = choices.filter((one) => !chosen.includes(one.value));
  return (
    <div className="builder-many" role="group" aria-label={label}>
      {chosen.map((value) => (
        <button
          key={value}
          type="button"
          className="chip chip-accent builder-chip"
          aria-label={t('views.remove_value', { value: name(value) })}
          onClick={() => change(chosen.filter((one) => one !== value))}
        >
          {name(value)} ×
        </button>
      ))}
      {left.length > 0 && (
        <Quiet
          label={label}
          value=""
          onChange={(value) => value && change([...chosen, value])}
          options={[{ value: '', label: t('views.choose') }, ...left]}
        />
      )}
    </div>
  );
}

const list = (value: Value | undefined): readonly string[] =>
  Array.isArray(value) ? (value as readonly string[]) : value ? [String(value)] : [];

function Moment({
  label,
  value,
  change,
}: {
  label: string;
  value: string;
  change: (value: Value) => void;
}) {
  const { t } = useTranslation();
  const day = /^\d{4}-\d\d-\d\d$/.test(value);
  const known = MOMENTS.includes(value) || day ? MOMENTS : [value, ...MOMENTS];
  return (
    <>
      <Quiet
        label={label}
        value={day ? 'day' : value}
        onChange={(next) => change(next === 'day' ? new Date().toISOString().slice(0, 10) : next)}
        options={[
          ...known.map((one) => ({
            value: one,
            label: t(`views.moment.${one}`, { defaultValue: one }),
          })),
          { value: 'day', label: t('views.moment.day') },
        ]}
      />
      {day && (
        <input
          type="date"
          className="input input-small"
          aria-label={t('views.moment.day')}
          value={value}
          onChange={(event) => event.target.value && change(event.target.value)}
        />
      )}
    </>
  );
}

function Span({
  label,
  value,
  change,
}: {
  label: string;
  value: string;
  change: (value: Value) => void;
}) {
  const { t } = useTranslation();
  const [, number = '1', unit = 'd'] = /^(\d+)([mhdw])$/.exec(value) ?? [];
  return (
    <>
      <input
        type="number"
        min={1}
        max={9999}
        className="input input-small builder-number"
        aria-label={label}
        value={number}
        onChange={(event) =>
          change(`${Math.max(1, Math.trunc(Number(event.target.value)))}${unit}`)
        }
      />
      <Quiet
        label={t('views.unit')}
        value={unit}
        onChange={(next) => change(`${number}${next}`)}
        options={UNITS.map((one) => ({ value: one, label: t(`views.unit.${one}`) }))}
      />
    </>
  );
}

export function ValueField({ line, change }: { line: Line; change: (value: Value) => void }) {
  const { t } = useTranslation();
  const choices = useChoices(line.field);
  const label = t('views.value');
  const kind = FIELDS[line.field];
  if (line.op === 'empty' || line.op === 'not_empty') return <span className="grow" />;
  const text = String(line.value ?? '');
  if (kind === 'flag') {
    return (
      <Quiet
        label={label}
        value={text}
        onChange={(value) => change(value === 'true')}
        options={['true', 'false'].map((value) => ({ value, label: t(`views.${value}`) }))}
      />
    );
  }
  if (kind === 'moment') return <Moment label={label} value={text} change={change} />;
  if (kind === 'span') return <Span label={label} value={text} change={change} />;
  if (choices && (line.op === 'at_least' || line.op === 'at_most')) {
    return <Quiet label={label} value={text} onChange={change} options={choices} />;
  }
  if (choices) {
    return <Several label={label} chosen={list(line.value)} choices={choices} change={change} />;
  }
  const many = Array.isArray(line.value);
  return (
    <input
      className="input input-small grow"
      aria-label={label}
      placeholder={many ? t('views.words_hint') : undefined}
      defaultValue={many ? list(line.value).join(', ') : text}
      onChange={(event) => {
        const words = event.target.value.split(',').map((one) => one.trim());
        change(many ? words.filter(Boolean) : event.target.value);
      }}
    />
  );
}
