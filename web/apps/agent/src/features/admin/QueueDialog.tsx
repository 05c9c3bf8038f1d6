// One queue: how work comes, its times and targets, how it ends, under which words it answers.

import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { LANGUAGES, LANGUAGE_NAMES } from '@i18n/index';
import type { Client } from '@api/client';
import { Check, Select, Switch, TextArea, TextField } from '@ui/Field';
import { Tabs } from '@ui/Small';
import { useSetup } from '@agent/data/hooks';
import { EditDialog } from './EditDialog';
import { seen, useRowsOf } from './list';
import { CHANNELS } from '@agent/parts/channels';
import { bodyOf, draftOf, type QueueDraft, type QueueRow } from './queueModel';
import { complete } from './overflowModel';
import { QueueOverflow } from './QueueOverflow';
import { QueueWaiting } from './QueueWaiting';

interface PartProps {
  draft: QueueDraft;
  change: (part: Partial<QueueDraft>) => void;
}

function Coming({ draft, change, fresh }: PartProps & { fresh: boolean }) {
  const { t } = useTranslation();
  const { departments } = useSetup();
  const calendars = useRowsOf<{ id: string; name: string }>('/v1/calendars');
  const all = draft.channels.length === 0;
  return (
    <>
      <TextField
        label={t('admin.name')}
        value={draft.name}
        onChange={(event) => change({ name: event.target.value })}
      />
      {fresh && (
        <Select
          label={t('word.department')}
          value={draft.department_id}
          onChange={(department_id) => change({ department_id })}
          options={departments.map((one) => ({ value: one.id, label: one.name }))}
        />
      )}
      <fieldset className="checks">
        <legend>{t('queue.channels')}</legend>
        {CHANNELS.map((kind) => (
          <Check
            key={kind}
            label={t(`channel.${kind}`)}
            checked={all || draft.channels.includes(kind)}
            onChange={(on) => {
              const now = all ? CHANNELS : draft.channels;
              change({ channels: on ? [...now, kind] : now.filter((one) => one !== kind) });
            }}
          />
        ))}
      </fieldset>
      <Select
        label={t('queue.delivery')}
        hint={t(`queue.delivery.${draft.delivery}_hint`)}
        value={draft.delivery}
        onChange={(delivery) => change({ delivery })}
        options={['push', 'pull', 'open'].map((value) => ({
          value,
          label: t(`queue.delivery.${value}`),
        }))}
      />
      <Switch
        label={t('queue.auto_accept')}
        hint={t('queue.auto_accept_hint')}
        checked={draft.auto_accept}
        onChange={(auto_accept) => change({ auto_accept })}
      />
      {!draft.auto_accept && (
        <Switch
          label={t('queue.decline_allowed')}
          hint={t('queue.decline_allowed_hint')}
          checked={draft.decline_allowed}
          onChange={(decline_allowed) => change({ decline_allowed })}
        />
      )}
      <Select
        label={t('queue.sticky')}
        hint={t('queue.sticky_hint')}
        value={draft.sticky}
        onChange={(sticky) => change({ sticky })}
        options={['off', 'prefer', 'require'].map((value) => ({
          value,
          label: t(`queue.sticky.${value}`),
        }))}
      />
      <Select
        label={t('admin.hours')}
        value={draft.calendar_id}
        onChange={(calendar_id) => change({ calendar_id })}
        options={[
          { value: '', label: t('queue.hours_of_department') },
          ...calendars.rows.map((one) => ({ value: one.id, label: one.name })),
        ]}
      />
    </>
  );
}

function Times({ draft, change }: PartProps) {
  const { t } = useTranslation();
  const field = (name: 'offers' | 'first' | 'whole', kind: string) => (
    <TextField
      key={`${name} ${kind}`}
      label={t(`queue.${name}`, { channel: t(`channel.${kind}`) })}
      inputMode="decimal"
      placeholder={t('queue.usual')}
      value={draft[name][kind] ?? ''}
      onChange={(event) => change({ [name]: { ...draft[name], [kind]: event.target.value } })}
    />
  );
  return (
    <>
      <div className="schema-grid">
        {CHANNELS.map((kind) => field('first', kind))}
        {CHANNELS.map((kind) => field('whole', kind))}
        {CHANNELS.map((kind) => field('offers', kind))}
      </div>
      <TextField
        label={t('queue.weight')}
        hint={t('queue.weight_hint')}
        inputMode="decimal"
        value={draft.weight}
        onChange={(event) => change({ weight: event.target.value })}
      />
    </>
  );
}

function Ending({ draft, change }: PartProps) {
  const { t } = useTranslation();
  return (
    <>
      <TextField
        label={t('queue.reasons')}
        hint={t('queue.reasons_hint')}
        value={draft.reasons}
        onChange={(event) => change({ reasons: event.target.value })}
      />
      <TextField
        label={t('queue.wrap_up')}
        hint={t('queue.wrap_up_hint')}
        type="number"
        min={0}
        max={3600}
        value={draft.wrap_up_s}
        onChange={(event) => change({ wrap_up_s: event.target.value })}
      />
      <Switch
        label={t('queue.disposition')}
        hint={t('queue.disposition_hint')}
        checked={draft.disposition_required}
        onChange={(disposition_required) => change({ disposition_required })}
      />
      <Switch
        label={t('queue.auto_ready')}
        hint={t('queue.auto_ready_hint')}
        checked={draft.auto_ready}
        onChange={(auto_ready) => change({ auto_ready })}
      />
    </>
  );
}

/** When somebody does not answer, or his line is gone. */
function Absence({ draft, change }: PartProps) {
  const { t } = useTranslation();
  return (
    <>
      <div className="schema-grid">
        {CHANNELS.map((kind) => (
          <TextField
            key={kind}
            label={t('queue.misses', { channel: t(`channel.${kind}`) })}
            inputMode="numeric"
            placeholder={t('queue.usual')}
            value={draft.misses[kind] ?? ''}
            onChange={(event) =>
              change({ misses: { ...draft.misses, [kind]: event.target.value } })
            }
          />
        ))}
        <TextField
          label={t('queue.misses_all')}
          inputMode="numeric"
          value={draft.misses_all}
          onChange={(event) => change({ misses_all: event.target.value })}
        />
      </div>
      <p className="soft small">{t('queue.misses_hint')}</p>
      <TextField
        label={t('queue.grace')}
        hint={t('queue.grace_hint')}
        inputMode="numeric"
        value={draft.grace_s}
        onChange={(event) => change({ grace_s: event.target.value })}
      />
      <TextField
        label={t('queue.kept')}
        hint={t('queue.kept_hint')}
        inputMode="decimal"
        value={draft.kept_min}
        onChange={(event) => change({ kept_min: event.target.value })}
      />
    </>
  );
}

function Words({ draft, change }: PartProps) {
  const { t } = useTranslation();
  const own = draft.signature !== null;
  return (
    <>
      <Switch
        label={t('queue.signature')}
        hint={t('queue.signature_hint')}
        checked={own}
        onChange={(on) => change({ signature: on ? {} : null })}
      />
      {own &&
        LANGUAGES.map((language) => (
          <TextArea
            key={language}
            label={t('brand.signature_in', { language: LANGUAGE_NAMES[language] })}
            rows={3}
            lang={language}
            value={draft.signature?.[language] ?? ''}
            onChange={(event) =>
              change({ signature: { ...draft.signature, [language]: event.target.value } })
            }
          />
        ))}
    </>
  );
}

const PARTS = ['coming', 'waiting', 'overflow', 'times', 'ending', 'absence', 'words'] as const;

export function QueueDialog({ row, onClose }: { row?: QueueRow; onClose: () => void }) {
  const { t } = useTranslation();
  const { departments } = useSetup();
  const [draft, setDraft] = useState(() => draftOf(row, departments[0]?.id ?? ''));
  const [part, setPart] = useState<(typeof PARTS)[number]>('coming');
  const change = (some: Partial<QueueDraft>): void => setDraft((was) => ({ ...was, ...some }));
  const save = (client: Client): Promise<unknown> => {
    const body = bodyOf(draft);
    return row
      ? client.patch(`/v1/queues/${row.id}`, { body, headers: seen(row) })
      : client.post('/v1/queues', { body: { ...body, department_id: draft.department_id } });
  };
  return (
    <EditDialog
      title={t(row ? 'queue.edit' : 'queue.new')}
      ready={
        draft.name.trim() !== '' &&
        draft.department_id !== '' &&
        [...draft.overflow_before, ...draft.overflow_after].every(complete)
      }
      save={save}
      onClose={onClose}
    >
      <Tabs
        label={t('queue.parts')}
        value={part}
        onChange={(id) => setPart(id as (typeof PARTS)[number])}
        tabs={PARTS.map((id) => ({ id, label: t(`queue.part.${id}`) }))}
      />
      {part === 'coming' && <Coming draft={draft} change={change} fresh={!row} />}
      {part === 'waiting' && <QueueWaiting draft={draft} change={change} id={row?.id} />}
      {part === 'overflow' && <QueueOverflow draft={draft} change={change} id={row?.id} />}
      {part === 'times' && <Times draft={draft} change={change} />}
      {part === 'ending' && <Ending draft={draft} change={change} />}
      {part === 'absence' && <Absence draft={draft} change={change} />}
      {part === 'words' && <Words draft={draft} change={change} />}
    </EditDialog>
  );
}
