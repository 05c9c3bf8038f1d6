// Making or changing our end of a channel: who owns it, where its work goes, how it connects.

import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { LANGUAGES, LANGUAGE_NAMES } from '@i18n/index';
import type { Client } from '@api/client';
import type { Account } from '@api/types';
import { uuid7 } from '@sync/uuid7';
import { Select, TextField } from '@ui/Field';
import { Banner } from '@ui/Small';
import { useLanguage, useSetup } from '@agent/data/hooks';
import { EditDialog } from './EditDialog';
import { guess, type Guess } from './providers';
import { SchemaForm } from './SchemaForm';
import { seen, useRowsOf } from './list';
import { partition, startValues, type Manifest } from './schema';

export interface AccountRow extends Account {
  department_id: string;
  default_queue?: string | null;
  /** The mailbox by which a chat goes on when its visitor has left. */
  mail_account?: string | null;
  brand_id?: string | null;
  language?: string;
  settings?: Record<string, unknown>;
  secrets_set?: string[];
}

/** The public key of a new widget: it names the widget and opens nothing. */
const publicKey = (): string => `pk_${uuid7().replaceAll('-', '').slice(8)}`;

function BrandSelect({ value, onChange }: { value: string; onChange: (id: string) => void }) {
  const { t } = useTranslation();
  const brands = useRowsOf<{ id: string; name: string }>('/v1/brands').rows;
  if (brands.length === 0) return null;
  return (
    <Select
      label={t('channels.brand')}
      value={value}
      onChange={onChange}
      options={[
        { value: '', label: t('channels.no_brand') },
        ...brands.map((one) => ({ value: one.id, label: one.name })),
      ]}
    />
  );
}

interface ChannelDialogProps {
  manifest: Manifest;
  row?: AccountRow;
  onClose: () => void;
}

export function ChannelDialog({ manifest, row, onClose }: ChannelDialogProps) {
  const { t } = useTranslation();
  const spoken = useLanguage();
  const { departments, queues } = useSetup();
  const boxes = useRowsOf<AccountRow>('/v1/channel_accounts').rows.filter(
    (one) => one.kind === 'email',
  );
  const [name, setName] = useState(row?.name ?? '');
  const [address, setAddress] = useState(row?.address ?? '');
  const [department, setDepartment] = useState(row?.department_id ?? departments[0]?.id ?? '');
  const [queue, setQueue] = useState(row?.default_queue ?? '');
  const [mailbox, setMailbox] = useState(row?.mail_account ?? '');
  const [language, setLanguage] = useState(row?.language ?? spoken);
  const [values, setValues] = useState(() => startValues(manifest.settings, row?.settings));
  const [brand, setBrand] = useState(row?.brand_id ?? '');
  const [guessed, setGuessed] = useState<Guess>();
  const email = manifest.kind === 'email';
  /** Leaving the address of a new mailbox fills in its servers, unless somebody has named some. */
  const fill = (): void => {
    const found = guess(address);
    if (!found?.known || values.imap_host) return;
    setGuessed(found);
    setValues({ ...values, ...found.settings });
  };
  const save = (client: Client): Promise<unknown> => {
    const { settings, secrets } = partition(manifest.settings, values);
    const body: Record<string, unknown> = {
      name,
      department_id: department,
      default_queue: queue || null,
      brand_id: brand || null,
      language,
      settings,
    };
    if (!email) body.mail_account = mailbox || null;
    if (Object.keys(secrets).length > 0) body.secrets = secrets;
    if (row) return client.patch(`/v1/channel_accounts/${row.id}`, { body, headers: seen(row) });
    const made = { ...body, kind: manifest.kind, address: address || publicKey() };
    return client.post('/v1/channel_accounts', { body: made });
  };
  return (
    <EditDialog
      wide
      title={row ? t('admin.edit', { name: row.name }) : (manifest.title[spoken] ?? manifest.kind)}
      ready={name.trim() !== '' && department !== '' && (!email || address.trim() !== '')}
      save={save}
      onClose={onClose}
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
            hint={guessed && t('channels.guessed')}
            onBlur={fill}
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
        <BrandSelect value={brand} onChange={setBrand} />
        {!email && (
          <Select
            label={t('channels.mail_account')}
            hint={t('channels.mail_account_hint')}
            value={mailbox}
            onChange={setMailbox}
            options={[
              { value: '', label: t('channels.no_mail') },
              ...boxes.map((one) => ({ value: one.id, label: `${one.name} (${one.address})` })),
            ]}
          />
        )}
      </div>
      <h3>{t('channels.settings')}</h3>
      {guessed?.appPassword && <Banner tone="note">{t('channels.app_password')}</Banner>}
      <SchemaForm
        schema={manifest.settings}
        values={values}
        secretsSet={row?.secrets_set ?? []}
        onChange={setValues}
      />
    </EditDialog>
  );
}
