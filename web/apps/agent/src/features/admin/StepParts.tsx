// Parts of a step as it is designed: its checklist, its form, where it goes on.

import { useTranslation } from 'react-i18next';
import type { FormField } from '@api/types';
import { Button, IconButton } from '@ui/Button';
import { Check, Select, TextArea, TextField } from '@ui/Field';
import { keyOf, optionsOf, type Step } from './processModel';

interface PartProps {
  step: Step;
  put: (change: Partial<Step>) => void;
}

export function Checklist({ step, put }: PartProps) {
  const { t } = useTranslation();
  const list = step.checklist;
  const name = (at: number, title: string): void =>
    put({ checklist: list.map((one, n) => (n === at ? { ...one, title } : one)) });
  return (
    <fieldset className="rule-part stack">
      <legend>{t('steps.checklist')}</legend>
      <ul className="plain-list stack">
        {list.map((one, at) => (
          <li key={one.key} className="clause clause-one">
            <TextField
              label={t('process.check', { place: at + 1 })}
              value={one.title}
              maxLength={120}
              onChange={(event) => name(at, event.target.value)}
            />
            <IconButton
              icon="trash"
              label={t('ordered.remove', { name: one.title || String(at + 1) })}
              onClick={() => put({ checklist: list.filter((_, n) => n !== at) })}
            />
          </li>
        ))}
      </ul>
      <div className="row">
        <Button
          small
          icon="plus"
          disabled={list.length >= 30}
          onClick={() => {
            const key = keyOf(
              '',
              list.map((one) => one.key),
              'check',
            );
            put({ checklist: [...list, { key, title: '' }] });
          }}
        >
          {t('process.check_add')}
        </Button>
      </div>
    </fieldset>
  );
}

const TYPES = ['text', 'number', 'choice', 'date', 'check'] as const;

function Question({
  field,
  onChange,
  onRemove,
}: {
  field: FormField;
  onChange: (field: FormField) => void;
  onRemove: () => void;
}) {
  const { t } = useTranslation();
  return (
    <li className="stack process-field">
      <div className="clause clause-three">
        <TextField
          label={t('process.question')}
          value={field.label}
          maxLength={120}
          onChange={(event) => onChange({ ...field, label: event.target.value })}
        />
        <Select
          label={t('process.answer')}
          value={field.type}
          options={TYPES.map((value) => ({ value, label: t(`process.type.${value}`) }))}
          onChange={(type) =>
            onChange({
              ...field,
              type: type as FormField['type'],
              options: type === 'choice' ? field.options : [],
            })
          }
        />
        <IconButton
          icon="trash"
          label={t('ordered.remove', { name: field.label || field.key })}
          onClick={onRemove}
        />
      </div>
      {field.type === 'choice' && (
        <TextArea
          label={t('process.options')}
          hint={t('process.options_hint')}
          rows={3}
          defaultValue={field.options.join('\n')}
          onChange={(event) => onChange({ ...field, options: optionsOf(event.target.value) })}
        />
      )}
      <Check
        label={t('process.required')}
        checked={field.required}
        onChange={(required) => onChange({ ...field, required })}
      />
    </li>
  );
}

export function Questions({ step, put }: PartProps) {
  const { t } = useTranslation();
  const list = step.form;
  const change = (at: number, field: FormField): void =>
    put({ form: list.map((one, n) => (n === at ? field : one)) });
  return (
    <fieldset className="rule-part stack">
      <legend>{t('process.form')}</legend>
      <ul className="plain-list stack">
        {list.map((field, at) => (
          <Question
            key={field.key}
            field={field}
            onChange={(changed) => change(at, changed)}
            onRemove={() => put({ form: list.filter((_, n) => n !== at) })}
          />
        ))}
      </ul>
      <div className="row">
        <Button
          small
          icon="plus"
          disabled={list.length >= 40}
          onClick={() => {
            const key = keyOf(
              '',
              list.map((one) => one.key),
              'field',
            );
            const fresh = { key, label: '', type: 'text', required: false, options: [] } as const;
            put({ form: [...list, { ...fresh, options: [] }] });
          }}
        >
          {t('process.question_add')}
        </Button>
      </div>
    </fieldset>
  );
}

/** Where the process goes on, the first that fits; without any, to the step below. */
export function Ways({ step, put, others }: PartProps & { others: readonly Step[] }) {
  const { t } = useTranslation();
  const list = step.next;
  const choices = others.map((one) => ({ value: one.key, label: one.title || one.key }));
  const first = choices[0]?.value;
  return (
    <fieldset className="rule-part stack">
      <legend>{t('process.next')}</legend>
      <p className="soft small">{t('process.next_hint')}</p>
      <ul className="plain-list stack">
        {list.map((way, at) => (
          // ways have no name of their own
          <li key={at} className="clause clause-three">
            <TextField
              label={t('process.next_if')}
              hint={t('process.always_hint')}
              className="input mono"
              value={way.if}
              onChange={(event) =>
                put({
                  next: list.map((one, n) => (n === at ? { ...one, if: event.target.value } : one)),
                })
              }
            />
            <Select
              label={t('process.next_to')}
              value={way.to}
              options={choices}
              onChange={(to) =>
                put({ next: list.map((one, n) => (n === at ? { ...one, to } : one)) })
              }
            />
            <IconButton
              icon="trash"
              label={t('process.way_remove', { place: at + 1 })}
              onClick={() => put({ next: list.filter((_, n) => n !== at) })}
            />
          </li>
        ))}
      </ul>
      <div className="row">
        <Button
          small
          icon="plus"
          disabled={!first || list.length >= 10}
          onClick={() => first && put({ next: [...list, { to: first, if: '' }] })}
        >
          {t('process.way_add')}
        </Button>
      </div>
    </fieldset>
  );
}
