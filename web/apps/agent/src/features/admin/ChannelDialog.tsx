// Making or changing our end of a channel: who owns it, where its work goes, how it connects.

import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { LANGUAGES, LANGUAGE_NAMES } from '@i18n/index';
import type { Account } from '@api/types';
import { uuid7 } from '@sync/uuid7';
import { Button } from '@ui/Button';
import { Dialog } from '@ui/Dialog';
import { Select, TextField } from '@ui/Field';
import { useLanguage, useSetup } from '@agent/data/hooks';
import { SchemaForm } from './SchemaForm';
import { seen, useSave } from './list';
import { partition, startValues, type Manifest } from './schema';

export interface AccountRow extends Account {
  department_id: string;
  default_queue?: string | null;
  language?: string;
  settings?: Record<string, unknown>;
  secrets_set?: string[];
}

/** The public key of a new widget: it names the widget and opens nothing. */
const publicKey = (): string => `pk_${uuid7().replaceAll('-', '').slice(8)}`;

interface ChannelDialogProps {
  manifest: Manifest;
  row?: AccountRow;
  onClose: () => void;
}

export function ChannelDialog({ manifest, row, onClose }: ChannelDialogProps) {
  const { t } = useTranslation();
  const spoken = useLanguage();
  const { departments, queues } = useSetup();
  const { busy, client, save } = useSave();
  const [name, setName] = useState(row?.name ?? '');
  const [address, setAddress] = useState(row?.address ?? '');
  const [department, setDepartment] = useState(row?.department_id ?? departments[0]?.id ?? '');
  const [queue, setQueue] = useState(row?.default_queue ?? '');
  const [language, setLanguage] = useState(row?.language ?? spoken);
  const [values, setValues] = useState(() => startValues(manifest.settings, row?.settings));
  const submit = async (): Promise<void> => {
    const { settings, secrets } = partition(manifest.settings, values);
    const body: Record<string, unknown> = { name, department_id: department, language, settings };
    if (queue) body.default_queue = queue;
    if (Object.keys(secrets).length > 0) body.secrets = secrets;
    const good = await save(() => {
      if (row) return client.patch(`/v1/channel_accounts/${row.id}`, { body, headers: seen(row) });
      const made = { ...body, kind: manifest.kind, address: address || publicKey() };
      return client.post('/v1/channel_accounts', { body: made });
    });
    if (good) onClose();
  };
  const email = manifest.kind === 'email';
  return (
    <Dialog
      wide
      title={row ? t('admin.edit', { name: row.name }) : (manifest.title[spoken] ?? manifest.kind)}
      onClose={onClose}
      actions={
        <>
          <Button onClick={onClose}>{t('ui.cancel')}</Button>
          <Button
            look="primary"
            busy={busy}
            disabled={!name || !department || (email && !address)}
            onClick={() => void submit()}
          >
            {t('ui.save')}
          </Button>
        </>
      }
    >
      <div className="schema-grid">
        <TextField
          label={t('admin.name')}
          value={name}
          onChange={(event) => setName(event.target.value)}
        />
        {!row && email && (
          <TextField
            label={t('channels.address')}
            type="email"
            value={address}
            onChange={(event) => setAddress(event.target.value)}
          />
        )}
        <Select
          label={t('word.department')}
          value={department}
          onChange={setDepartment}
          options={departments.map((one) => ({ value: one.id, label: one.name }))}
        />
        <Select
          label={t('channels.queue')}
          value={queue}
          onChange={setQueue}
          options={[
            { value: '', label: t('channels.queue_by_rules') },
            ...queues
              .filter((one) => one.department_id === department)
              .map((one) => ({ value: one.id, label: one.name })),
          ]}
        />
        <Select
          label={t('profile.language')}
          value={language}
          onChange={setLanguage}
          options={LANGUAGES.map((value) => ({ value, label: LANGUAGE_NAMES[value] }))}
        />
      </div>
      <h3>{t('channels.settings')}</h3>
      <SchemaForm
        schema={manifest.settings}
        values={values}
        secretsSet={row?.secrets_set ?? []}
        onChange={setValues}
      />
    </Dialog>
  );
}
