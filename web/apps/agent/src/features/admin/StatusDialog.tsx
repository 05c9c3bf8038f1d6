// One status: its words, what it means on each channel, its reasons and its colour.

import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { LANGUAGES, LANGUAGE_NAMES } from '@i18n/index';
import type { Client } from '@api/client';
import type { Mode, PresenceStatus } from '@api/types';
import { Select, TextField } from '@ui/Field';
import { useLanguage } from '@agent/data/hooks';
import { CHANNELS, UNWRITTEN } from '@agent/parts/channels';
import { modeOf } from '@agent/parts/statuses';
import { EditDialog } from './EditDialog';
import { KEY, keyOf } from './key';
import { seen } from './list';

const MODES: readonly Mode[] = ['on', 'transfer_only', 'finish', 'off'];
const COLOURS = ['plain', 'accent', 'good', 'warn', 'bad', 'note'] as const;
const KINDS = [...CHANNELS, ...UNWRITTEN];

const words = (text: string): string[] =>
  text
    .split(',')
    .map((one) => one.trim())
    .filter(Boolean);

interface StatusDialogProps {
  row?: PresenceStatus;
  onClose: () => void;
}

export function StatusDialog({ row, onClose }: StatusDialogProps) {
  const { t } = useTranslation();
  const language = useLanguage();
  const [name, setName] = useState<Record<string, string>>(row?.name ?? {});
  const [own, setOwn] = useState<string>();
  const [matrix, setMatrix] = useState<Record<string, Mode>>(() =>
    Object.fromEntries(KINDS.map((kind) => [kind, row ? modeOf(row.matrix, kind) : 'off'])),
  );
  const [reasons, setReasons] = useState((row?.reasons ?? []).join(', '));
  const [colour, setColour] = useState<string>(row?.colour ?? 'accent');
  const first = name[language] ?? Object.values(name).find(Boolean) ?? '';
  const key = row?.key ?? own ?? keyOf(name.en || first);
  const fixed = row?.built_in === true;
  const save = (client: Client): Promise<unknown> => {
    const given = Object.fromEntries(Object.entries(name).filter(([, text]) => text.trim()));
    const body = {
      name: given,
      reasons: words(reasons),
      ...(!fixed && { matrix, colour }),
    };
    return row
      ? client.patch(`/v1/presence_statuses/${row.id}`, { body, headers: seen(row) })
      : client.post('/v1/presence_statuses', { body: { key, ...body } });
  };
  return (
    <EditDialog
      title={t(row ? 'statuses.edit' : 'statuses.new')}
      ready={(fixed || first.trim() !== '') && KEY.test(key)}
      save={save}
      onClose={onClose}
    >
      {LANGUAGES.map((code) => (
        <TextField
          key={code}
          label={t('skill.name_in', { language: LANGUAGE_NAMES[code] })}
          placeholder={fixed ? t(`status.${key}`, { lng: code, defaultValue: '' }) : undefined}
          maxLength={60}
          value={name[code] ?? ''}
          onChange={(event) => setName({ ...name, [code]: event.target.value })}
        />
      ))}
      {!row && (
        <TextField
          label={t('skill.key')}
          hint={t('statuses.key_hint')}
          value={key}
          onChange={(event) => setOwn(event.target.value)}
        />
      )}
      {fixed ? (
        <p className="soft small">{t('statuses.fixed')}</p>
      ) : (
        <>
          <fieldset className="status-matrix">
            <legend>{t('statuses.matrix')}</legend>
            <div className="status-modes">
              {KINDS.map((kind) => (
                <Select
                  key={kind}
                  label={t(`channel.${kind}`)}
                  value={matrix[kind] ?? 'off'}
                  onChange={(mode) => setMatrix({ ...matrix, [kind]: mode as Mode })}
                  options={MODES.map((value) => ({ value, label: t(`statuses.mode.${value}`) }))}
                />
              ))}
            </div>
          </fieldset>
          <Select
            label={t('statuses.colour')}
            value={colour}
            onChange={setColour}
            options={COLOURS.map((value) => ({ value, label: t(`statuses.colour.${value}`) }))}
          />
        </>
      )}
      <TextField
        label={t('statuses.reasons')}
        hint={t('statuses.reasons_hint')}
        value={reasons}
        onChange={(event) => setReasons(event.target.value)}
      />
    </EditDialog>
  );
}
