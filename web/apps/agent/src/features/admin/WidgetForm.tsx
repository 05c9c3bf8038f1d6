// How a widget looks, where it may stand, whom it lets in; saved as a whole.

import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Button } from '@ui/Button';
import { Select, Switch, TextArea, TextField } from '@ui/Field';
import type { AccountRow } from './ChannelDialog';
import { WidgetPreview } from './WidgetPreview';
import { seen, useRowsOf, useSave } from './list';
import { bodyOf, contrasts, draftOf, lookOf, wrongOrigins, type Draft } from './widgetDraft';

type Put = <K extends keyof Draft>(name: K, value: Draft[K]) => void;
interface PartProps {
  draft: Draft;
  put: Put;
}

/** What the picker starts from while no colour is chosen: black. */
const PLAIN = '#'.padEnd(7, '0');

function Colour({ draft, put }: PartProps) {
  const { t } = useTranslation();
  const found = contrasts(draft.color);
  const dark = found ? found.black > found.white : false;
  const best = found ? Math.max(found.white, found.black).toFixed(1) : '';
  return (
    <div className="row widget-colour">
      <input
        type="color"
        aria-label={t('widget.pick_colour')}
        value={found ? draft.color : PLAIN}
        onChange={(event) => put('color', event.target.value)}
      />
      <TextField
        label={t('widget.colour')}
        value={draft.color}
        placeholder={t('widget.brand_colour')}
        error={draft.color && !found ? t('widget.colour_wrong') : undefined}
        hint={found ? t(dark ? 'widget.on_black' : 'widget.on_white', { ratio: best }) : undefined}
        onChange={(event) => put('color', event.target.value.trim())}
      />
    </div>
  );
}

function Look({ draft, put }: PartProps) {
  const { t } = useTranslation();
  const brands = useRowsOf<{ id: string; name: string }>('/v1/brands').rows;
  const options = (prefix: string, ...values: string[]) =>
    values.map((value) => ({ value, label: t(`widget.${prefix}_${value}`) }));
  return (
    <fieldset className="widget-part">
      <legend>{t('widget.look')}</legend>
      <div className="schema-grid">
        <Select
          label={t('widget.brand')}
          value={draft.brand}
          onChange={(value) => put('brand', value)}
          options={[
            { value: '', label: t('widget.no_brand') },
            ...brands.map((one) => ({ value: one.id, label: one.name })),
          ]}
        />
        <Colour draft={draft} put={put} />
        <TextField
          label={t('widget.title')}
          maxLength={60}
          value={draft.title}
          onChange={(event) => put('title', event.target.value)}
        />
        <TextField
          label={t('widget.greeting')}
          maxLength={300}
          value={draft.greeting}
          onChange={(event) => put('greeting', event.target.value)}
        />
        <TextField
          label={t('widget.launcher')}
          hint={t('widget.launcher_hint')}
          maxLength={30}
          value={draft.launcher}
          onChange={(event) => put('launcher', event.target.value)}
        />
        <Select
          label={t('widget.position')}
          value={draft.position}
          onChange={(value) => put('position', value)}
          options={options('position', 'right', 'left')}
        />
        <Select
          label={t('widget.theme')}
          value={draft.theme}
          onChange={(value) => put('theme', value)}
          options={options('theme', 'auto', 'light', 'dark')}
        />
      </div>
    </fieldset>
  );
}

function Access({ draft, put, kept }: PartProps & { kept: boolean }) {
  const { t } = useTranslation();
  const wrong = wrongOrigins(draft.origins);
  return (
    <fieldset className="widget-part">
      <legend>{t('widget.access')}</legend>
      <TextArea
        label={t('widget.origins')}
        hint={t('widget.origins_hint')}
        error={wrong.length ? t('widget.origins_wrong', { one: wrong[0] }) : undefined}
        rows={3}
        className="mono"
        value={draft.origins}
        onChange={(event) => put('origins', event.target.value)}
      />
      <div className="schema-grid">
        <Select
          label={t('widget.enforce')}
          hint={t(`widget.enforce_${draft.enforce}_hint`)}
          value={draft.enforce}
          onChange={(value) => put('enforce', value)}
          options={['off', 'identified', 'all'].map((value) => ({
            value,
            label: t(`widget.enforce_${value}`),
          }))}
        />
        <TextField
          label={t('widget.secret')}
          hint={t('widget.secret_hint')}
          type="password"
          autoComplete="new-password"
          placeholder={kept ? t('schema.secret_kept') : undefined}
          error={
            draft.hmac_secret && draft.hmac_secret.length < 32
              ? t('widget.secret_short')
              : undefined
          }
          value={draft.hmac_secret}
          onChange={(event) => put('hmac_secret', event.target.value)}
        />
      </div>
      <TextArea
        label={t('widget.public_key')}
        rows={2}
        className="mono"
        value={draft.public_key}
        onChange={(event) => put('public_key', event.target.value)}
      />
      <Switch
        label={t('widget.trust_email')}
        hint={t('widget.trust_email_hint')}
        checked={draft.trust_email}
        onChange={(on) => put('trust_email', on)}
      />
      <TextField
        label={t('widget.former_key')}
        hint={t('widget.former_key_hint')}
        maxLength={100}
        value={draft.former_key}
        onChange={(event) => put('former_key', event.target.value.trim())}
      />
    </fieldset>
  );
}

export function WidgetForm({ row }: { row: AccountRow }) {
  const { t } = useTranslation();
  const [draft, setDraft] = useState(() => draftOf(row));
  const { busy, client, save } = useSave();
  const put: Put = (name, value) => setDraft((old) => ({ ...old, [name]: value }));
  const look = useMemo(() => lookOf(draft), [draft]);
  const known = draftOf(row);
  const changed = JSON.stringify(known) !== JSON.stringify(draft);
  const wrong =
    wrongOrigins(draft.origins).length > 0 ||
    (draft.color !== '' && !contrasts(draft.color)) ||
    (draft.hmac_secret !== '' && draft.hmac_secret.length < 32);
  const send = async (): Promise<void> => {
    const body = bodyOf(row, draft);
    const done = await save(() =>
      client.patch(`/v1/channel_accounts/${row.id}`, { body, headers: seen(row) }),
    );
    if (done) put('hmac_secret', '');
  };
  return (
    <div className="widget-setup">
      <form
        className="stack"
        onSubmit={(event) => {
          event.preventDefault();
          void send();
        }}
      >
        <Look draft={draft} put={put} />
        <Access draft={draft} put={put} kept={row.secrets_set?.includes('hmac_secret') ?? false} />
        <div className="row">
          <Button type="submit" look="primary" busy={busy} disabled={!changed || wrong}>
            {t('ui.save')}
          </Button>
          <Button disabled={!changed} onClick={() => setDraft(known)}>
            {t('widget.discard')}
          </Button>
        </div>
      </form>
      <aside aria-label={t('widget.preview')}>
        <WidgetPreview accountKey={row.address} look={look} />
        <p className="tiny soft">{t('widget.preview_hint')}</p>
      </aside>
    </div>
  );
}
