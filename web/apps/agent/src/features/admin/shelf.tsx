// What snippets, articles and macros share: whose they are, their texts per language, taking away.

import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { LANGUAGES, LANGUAGE_NAMES } from '@i18n/index';
import type { ShelfScope, Texts } from '@api/types';
import { Button, IconButton } from '@ui/Button';
import { Dialog } from '@ui/Dialog';
import { Select, TextArea, TextField } from '@ui/Field';
import { Chip, Tabs } from '@ui/Small';
import { useSetup } from '@agent/data/hooks';
import { may } from '@agent/parts/rights';
import { resolve } from '@agent/parts/template';
import { useSave } from './list';

export interface Owner {
  scope: ShelfScope;
  department_id: string | null;
}

export const ownerOf = (row: Owner | undefined, usual: ShelfScope): Owner => ({
  scope: row?.scope ?? usual,
  department_id: row?.department_id ?? null,
});

/** Which shelves this person may fill. */
function useShelves(): ShelfScope[] {
  const { me } = useSetup();
  const everybody = may(me, 'publish');
  return [
    ...(may(me, 'write') ? (['personal'] as const) : []),
    ...(may(me, 'share') || everybody ? (['department'] as const) : []),
    ...(everybody ? (['all'] as const) : []),
  ];
}

export function OwnerFields({ owner, onChange }: { owner: Owner; onChange: (o: Owner) => void }) {
  const { t } = useTranslation();
  const { departments } = useSetup();
  const scopes = new Set([...useShelves(), owner.scope]);
  return (
    <>
      <Select
        label={t('snippet.scope')}
        value={owner.scope}
        onChange={(scope) =>
          onChange({
            scope: scope as ShelfScope,
            department_id:
              scope === 'department' ? (owner.department_id ?? departments[0]?.id ?? null) : null,
          })
        }
        options={[...scopes].map((value) => ({ value, label: t(`snippet.scope.${value}`) }))}
      />
      {owner.scope === 'department' && (
        <Select
          label={t('word.department')}
          value={owner.department_id ?? ''}
          onChange={(department_id) => onChange({ ...owner, department_id })}
          options={departments.map(({ id, name }) => ({ value: id, label: name }))}
        />
      )}
    </>
  );
}

/** What is sent of an owner. */
export const owned = ({ scope, department_id }: Owner): Record<string, unknown> =>
  department_id ? { scope, department_id } : { scope };

const EXAMPLE: Record<string, string> = {
  'customer.name': 'Olga Němcová',
  'customer.first_name': 'Olga',
  'case.reference': '26 0412 7352',
  'agent.name': 'Jana Malá',
  'agent.first_name': 'Jana',
  'brand.name': 'Lumen',
  'department.name': 'Care',
  today: '…',
};

interface TextsProps {
  label: string;
  texts: Texts;
  titles?: Texts;
  titleLabel?: string;
  onChange: (texts: Texts, titles: Texts) => void;
}

/** One language at a time, with the text as a customer would read it below. */
export function TextsField({ label, texts, titles, titleLabel, onChange }: TextsProps) {
  const { t } = useTranslation();
  const [language, setLanguage] = useState<(typeof LANGUAGES)[number]>(
    LANGUAGES.find((one) => texts[one]) ?? 'en',
  );
  const text = texts[language] ?? '';
  const { text: shown, missing } = resolve(text, EXAMPLE);
  const put = (all: Texts, value: string): Texts => ({ ...all, [language]: value });
  return (
    <div className="stack">
      <Tabs
        label={t('snippet.languages')}
        value={language}
        onChange={(id) => setLanguage(id as (typeof LANGUAGES)[number])}
        tabs={LANGUAGES.map((id) => ({
          id,
          label: LANGUAGE_NAMES[id],
          count: texts[id] ? '✓' : '',
        }))}
      />
      {titleLabel && (
        <TextField
          label={titleLabel}
          value={titles?.[language] ?? ''}
          maxLength={300}
          onChange={(event) => onChange(texts, put(titles ?? {}, event.target.value))}
        />
      )}
      <TextArea
        label={label}
        hint={t('snippet.text_hint')}
        rows={6}
        lang={language}
        value={text}
        error={
          missing.length > 0
            ? t('snippet.unknown_variables', { names: missing.join(', ') })
            : undefined
        }
        onChange={(event) => onChange(put(texts, event.target.value), titles ?? {})}
      />
      {text !== shown && (
        <div>
          <p className="tiny soft">{t('snippet.preview')}</p>
          <p className="bubble said">{shown}</p>
        </div>
      )}
    </div>
  );
}

/** Only what was written: empty languages are left out. */
export const filled = (texts: Texts): Texts =>
  Object.fromEntries(Object.entries(texts).filter(([, text]) => text?.trim())) as Texts;

export function ScopeChip({ row }: { row: Owner }) {
  const { t } = useTranslation();
  const { departments } = useSetup();
  const name = departments.find((one) => one.id === row.department_id)?.name;
  return <Chip>{name ?? t(`snippet.scope.${row.scope}`)}</Chip>;
}

interface RowActionsProps {
  path: string;
  row: { id: string };
  name: string;
  onEdit: () => void;
}

export function RowActions({ path, row, name, onEdit }: RowActionsProps) {
  const { t } = useTranslation();
  const saving = useSave();
  const [asking, setAsking] = useState(false);
  const remove = async (): Promise<void> => {
    if (await saving.save(() => saving.client.delete(`${path}/${row.id}`), t('snippet.removed')))
      setAsking(false);
  };
  return (
    <span className="row">
      <IconButton icon="edit" label={t('admin.edit', { name })} onClick={onEdit} />
      <IconButton
        icon="trash"
        label={t('snippet.remove', { name })}
        onClick={() => setAsking(true)}
      />
      {asking && (
        <Dialog
          title={t('snippet.remove', { name })}
          onClose={() => setAsking(false)}
          actions={
            <>
              <Button onClick={() => setAsking(false)}>{t('ui.cancel')}</Button>
              <Button look="danger" busy={saving.busy} onClick={() => void remove()}>
                {t('snippet.remove_it')}
              </Button>
            </>
          }
        >
          <p>{t('snippet.remove_hint')}</p>
        </Dialog>
      )}
    </span>
  );
}
