// Brands: name, colour, logo, sender and signature under which we write, with a preview.

import { useId, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Client } from '@api/client';
import { LANGUAGE_NAMES, LANGUAGES, type LanguageCode } from '@i18n/index';
import { Button, IconButton } from '@ui/Button';
import { TextArea, TextField } from '@ui/Field';
import { Tabs } from '@ui/Small';
import { useLanguage, useWorkspace } from '@agent/data/hooks';
import { EditDialog } from './EditDialog';
import { AdminPage, seen, useEditing, useRowsOf, useSave } from './list';
import { Named, Table } from './Table';
import './brands.css';

interface Brand {
  id: string;
  version: number;
  name: string;
  colour: string;
  logo_sha256: string | null;
  sender_name: string;
  signature: Partial<Record<LanguageCode, string>>;
  footer: string;
}

const logoOf = (brand: Pick<Brand, 'logo_sha256'>): string | undefined =>
  brand.logo_sha256 ? `/content/logos/${brand.logo_sha256}` : undefined;

function Mark({ brand }: { brand: Pick<Brand, 'colour' | 'logo_sha256' | 'name'> }) {
  const logo = logoOf(brand);
  return (
    <svg className="brand-mark" viewBox="0 0 32 32" aria-hidden="true" focusable="false">
      <rect
        width="32"
        height="32"
        rx="7"
        className="brand-ground"
        fill={logo ? 'none' : brand.colour || undefined}
      />
      {logo ? (
        <image href={logo} width="32" height="32" preserveAspectRatio="xMidYMid meet" />
      ) : (
        <text x="16" y="21" textAnchor="middle" className="brand-letter">
          {[...brand.name.trim()][0]?.toUpperCase() ?? ''}
        </text>
      )}
    </svg>
  );
}

const EXAMPLES: Record<string, string> = {
  'agent.name': 'Jana Horáková',
  'agent.first_name': 'Jana',
  'case.reference': '26 0412 7352',
};

function filled(text: string, brand: string): string {
  return text.replace(/\{\{\s*([\w.]+)\s*\}\}/g, (whole, name: string) =>
    name === 'brand.name' ? brand : (EXAMPLES[name] ?? whole),
  );
}

function Preview({ draft, language }: { draft: Omit<Brand, 'id' | 'version'>; language: string }) {
  const { t } = useTranslation();
  const { me } = useWorkspace();
  const signature = draft.signature[language as LanguageCode] ?? '';
  return (
    <section className="brand-preview" aria-label={t('brand.preview')}>
      <header className="row">
        <Mark brand={draft} />
        <span className="stack-tight">
          <strong>{draft.sender_name || draft.name || t('brand.unnamed')}</strong>
          <span className="tiny soft">{me.email}</span>
        </span>
      </header>
      <p>{t('brand.example')}</p>
      {signature && <p className="brand-lines">{filled(signature, draft.name)}</p>}
      {draft.footer && <p className="tiny soft brand-lines brand-footer">{draft.footer}</p>}
    </section>
  );
}

function Signature({
  draft,
  put,
}: {
  draft: Omit<Brand, 'id' | 'version'>;
  put: (change: Partial<Brand>) => void;
}) {
  const { t } = useTranslation();
  const mine = useLanguage() as LanguageCode;
  const [language, setLanguage] = useState<LanguageCode>(mine);
  const panel = useId();
  return (
    <>
      <fieldset className="rule-part stack">
        <legend>{t('brand.signature')}</legend>
        <Tabs
          label={t('brand.signature_language')}
          value={language}
          onChange={(id) => setLanguage(id as LanguageCode)}
          controls={panel}
          tabs={LANGUAGES.map((id) => ({ id, label: LANGUAGE_NAMES[id] }))}
        />
        <div id={panel} role="tabpanel" aria-labelledby={`tab-${language}`}>
          <TextArea
            label={t('brand.signature_in', { language: LANGUAGE_NAMES[language] })}
            hint={t('brand.signature_hint', { agent: '{{agent.name}}', brand: '{{brand.name}}' })}
            rows={4}
            value={draft.signature[language] ?? ''}
            onChange={(event) =>
              put({ signature: { ...draft.signature, [language]: event.target.value } })
            }
          />
        </div>
        <TextArea
          label={t('brand.footer')}
          hint={t('brand.footer_hint')}
          rows={2}
          value={draft.footer}
          onChange={(event) => put({ footer: event.target.value })}
        />
      </fieldset>
      <Preview draft={draft} language={language} />
    </>
  );
}

const BLANK: Omit<Brand, 'id' | 'version'> = {
  name: '',
  colour: '',
  logo_sha256: null,
  sender_name: '',
  signature: {},
  footer: '',
};

/** What a new brand begins with, as the tokens say. */
const firstColour = (): string =>
  getComputedStyle(document.documentElement).getPropertyValue('--brand-first').trim();

function BrandDialog({ row, onClose }: { row?: Brand; onClose: () => void }) {
  const { t } = useTranslation();
  const [draft, setDraft] = useState(() => row ?? { ...BLANK, colour: firstColour() });
  const [logo, setLogo] = useState<File>();
  const put = (change: Partial<Brand>): void => setDraft({ ...draft, ...change });
  const save = async (client: Client): Promise<unknown> => {
    const { name, colour, sender_name, signature, footer } = draft;
    const body = { name: name.trim(), sender_name, signature, footer, ...(colour && { colour }) };
    const kept = row
      ? await client.patch<Brand>(`/v1/brands/${row.id}`, { body, headers: seen(row) })
      : await client.post<Brand>('/v1/brands', { body });
    if (logo) await client.put(`/v1/brands/${kept.id}/logo`, { file: logo });
    return kept;
  };
  return (
    <EditDialog
      wide
      title={t(row ? 'brand.edit' : 'brand.new')}
      ready={draft.name.trim() !== ''}
      save={save}
      onClose={onClose}
    >
      <div className="bench-grid">
        <TextField
          label={t('admin.name')}
          value={draft.name}
          maxLength={200}
          onChange={(event) => put({ name: event.target.value })}
        />
        <TextField
          label={t('brand.sender')}
          hint={t('brand.sender_hint')}
          value={draft.sender_name}
          maxLength={200}
          onChange={(event) => put({ sender_name: event.target.value })}
        />
        <TextField
          label={t('brand.colour')}
          type="color"
          value={draft.colour}
          onChange={(event) => put({ colour: event.target.value.toLowerCase() })}
        />
        <TextField
          label={t('brand.logo')}
          hint={logo ? logo.name : t('brand.logo_hint')}
          type="file"
          accept="image/png,image/jpeg,image/webp,image/gif"
          onChange={(event) => setLogo(event.target.files?.[0])}
        />
      </div>
      <Signature draft={draft} put={put} />
    </EditDialog>
  );
}

export function Brands() {
  const { t } = useTranslation();
  const list = useRowsOf<Brand>('/v1/brands');
  const saving = useSave();
  const { editing, add, edit, close } = useEditing<Brand>();
  return (
    <AdminPage
      title={t('admin.brands')}
      hint={t('brand.hint')}
      empty={t('brand.none')}
      list={list}
      action={
        <Button look="primary" icon="plus" onClick={add}>
          {t('brand.new')}
        </Button>
      }
      dialogs={editing && <BrandDialog row={editing.row} onClose={close} />}
    >
      <Table
        rows={list.rows}
        columns={[
          {
            head: t('admin.name'),
            show: (row) => (
              <Named mark={<Mark brand={row} />} name={row.name} hint={row.sender_name} />
            ),
          },
          {
            head: t('brand.signature'),
            wide: true,
            show: (row) =>
              LANGUAGES.filter((one) => row.signature[one])
                .map((one) => LANGUAGE_NAMES[one])
                .join(', '),
          },
        ]}
        actions={(row) => (
          <>
            <IconButton
              icon="edit"
              label={t('admin.edit', { name: row.name })}
              onClick={() => edit(row)}
            />
            <IconButton
              icon="trash"
              label={t('brand.remove', { name: row.name })}
              onClick={() =>
                void saving.save(
                  () => saving.client.delete(`/v1/brands/${row.id}`, { headers: seen(row) }),
                  t('brand.removed'),
                )
              }
            />
          </>
        )}
      />
    </AdminPage>
  );
}
