// What the machine does in a step: its words in four languages, or what is set; who gets it when it cannot.

import { useTranslation } from 'react-i18next';
import type { Snippet } from '@api/types';
import { LANGUAGES, LANGUAGE_NAMES } from '@i18n/index';
import { Select, TextArea, TextField } from '@ui/Field';
import { useLanguage, useNames, useSetup } from '@agent/data/hooks';
import { EventActions } from './EventActions';
import { useRowsOf } from './list';
import type { Step } from './processModel';

interface PartProps {
  step: Step;
  put: (change: Partial<Step>) => void;
}

/** The title by language; one alone counts for all. */
export function StepTitles({ step, put }: PartProps) {
  const { t } = useTranslation();
  const language = useLanguage();
  const first = LANGUAGES.find((one) => one === language) ?? 'en';
  const order = [first, ...LANGUAGES.filter((one) => one !== first)];
  const set = (one: string, words: string): void => {
    const titles = { ...step.titles, [one]: words };
    const title = titles[first]?.trim() || order.map((code) => titles[code]).find(Boolean) || '';
    put({ titles, title });
  };
  return (
    <fieldset className="rule-part stack">
      <legend>{t('process.title')}</legend>
      <p className="soft small">{t('process.title_hint')}</p>
      <div className="clause clause-two">
        {order.map((one, at) => (
          <TextField
            key={one}
            {...(at === 0 ? { 'data-first': true } : {})}
            label={LANGUAGE_NAMES[one]}
            lang={one}
            value={step.titles[one] ?? ''}
            maxLength={120}
            onChange={(event) => set(one, event.target.value)}
          />
        ))}
      </div>
    </fieldset>
  );
}

function Words({ step, put }: PartProps) {
  const { t } = useTranslation();
  const snippets = useRowsOf<Snippet>('/v1/snippets');
  const { say } = step;
  const chosen = say && 'snippet' in say ? say.snippet : '';
  const text = say && 'text' in say ? say.text : {};
  return (
    <>
      <Select
        label={t('process.say')}
        value={chosen}
        options={[
          { value: '', label: t('process.say_own') },
          ...snippets.rows
            .filter((one) => one.scope !== 'personal')
            .map((one) => ({ value: one.id, label: one.name || one.shortcut })),
        ]}
        onChange={(id) => put({ say: id ? { snippet: id } : { text: {} } })}
      />
      {!chosen &&
        LANGUAGES.map((one) => (
          <TextArea
            key={one}
            label={LANGUAGE_NAMES[one]}
            lang={one}
            rows={2}
            maxLength={10_000}
            value={text[one] ?? ''}
            onChange={(event) => put({ say: { text: { ...text, [one]: event.target.value } } })}
          />
        ))}
    </>
  );
}

/** What is sent or set, and the queue that gets it when that cannot be done. */
export function StepActs({ step, put }: PartProps) {
  const { t } = useTranslation();
  const { queues } = useSetup();
  const names = useNames();
  return (
    <>
      {step.kind === 'send' ? (
        <Words step={step} put={put} />
      ) : (
        <EventActions
          actions={step.do}
          without={['kind']}
          onChange={(actions) => put({ do: actions })}
        />
      )}
      <Select
        label={t('process.falls_to')}
        hint={t('process.falls_to_hint')}
        value={step.queue ?? ''}
        options={[
          ...(step.queue ? [] : [{ value: '', label: t('steps.choose') }]),
          ...queues.map((one) => ({
            value: one.id,
            label: `${one.name} · ${names.department(one.department_id)}`,
          })),
        ]}
        onChange={(queue) => put({ queue: queue || null })}
      />
    </>
  );
}
