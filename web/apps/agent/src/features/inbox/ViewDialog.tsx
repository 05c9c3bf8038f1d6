// The editor of a view: name, for whom, colour, order, conditions, and how many Cases match now.

import { useEffect, useId, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { CasePage, SavedView, ViewColour } from '@api/types';
import { count } from '@i18n/format';
import { Button } from '@ui/Button';
import { Dialog } from '@ui/Dialog';
import { Select, TextField } from '@ui/Field';
import { useAct } from '@agent/data/act';
import { useLanguage, useSetup, useWorkspace } from '@agent/data/hooks';
import { go, href } from '@agent/data/router';
import { Builder } from './Builder';
import { complete, filterOfPart, type Draft } from './draft';
import { SORTS, type Sort } from './rules';

const COLOURS: readonly ViewColour[] = ['plain', 'accent', 'good', 'warn', 'bad', 'note'];
const COUNT_MS = 400;

/** How many Cases match, a moment after the last change; undefined while nobody knows. */
function useMatches(draft: Draft): number | undefined {
  const { client } = useWorkspace();
  const [found, setFound] = useState<number>();
  const ready = complete(draft.tree);
  const filter = JSON.stringify(filterOfPart(draft.tree));
  useEffect(() => {
    setFound(undefined);
    if (!ready) return undefined;
    const stop = new AbortController();
    const timer = setTimeout(() => {
      client
        .get<CasePage>('/v1/cases', {
          query: { tab: 'view', filter, limit: 1, counted: true },
          signal: stop.signal,
        })
        .then((page) => setFound(page.count))
        .catch(() => undefined);
    }, COUNT_MS);
    return () => {
      clearTimeout(timer);
      stop.abort();
    };
  }, [client, filter, ready]);
  return found;
}

/** For whom one may keep views: oneself, teams one leads, everybody for admins. */
function useSharings() {
  const { t } = useTranslation();
  const { me, departments } = useSetup();
  const led = me.roles.includes('supervisor')
    ? departments.filter((one) => (me.supervised ?? me.departments).includes(one.id))
    : [];
  return [
    { value: 'personal', label: t('views.sharing.personal') },
    ...led.map((one) => ({
      value: `team ${one.id}`,
      label: t('views.sharing.of_team', { name: one.name }),
    })),
    ...(me.roles.includes('admin') ? [{ value: 'shared', label: t('views.sharing.shared') }] : []),
  ];
}

function useKeep(draft: Draft, onClose: () => void) {
  const { t } = useTranslation();
  const workspace = useWorkspace();
  const { busy, run } = useAct();
  const { id, version, tree, ...fields } = draft;
  const put = (change: (views: readonly SavedView[]) => readonly SavedView[]): void => {
    const setup = workspace.setup.get();
    workspace.setup.set({ ...setup, views: change(setup.views) });
  };
  const keep = async (): Promise<void> => {
    const body = { ...fields, filter: filterOfPart(tree) };
    await run(async () => {
      const headers = { 'If-Match': `"${version}"` };
      const kept = id
        ? await workspace.client.patch<SavedView>(`/v1/views/${id}`, { body, headers })
        : await workspace.client.post<SavedView>('/v1/views', { body });
      put((views) => (id ? views.map((one) => (one.id === id ? kept : one)) : [...views, kept]));
      onClose();
      go(href('view', kept.id));
    });
  };
  const remove = async (): Promise<void> => {
    await run(async () => {
      await workspace.client.delete(`/v1/views/${id}`);
      put((views) => views.filter((one) => one.id !== id));
      onClose();
      go(href('inbox', 'mine'));
    }, t('views.removed'));
  };
  return { busy, keep, remove };
}

export function ViewDialog({ draft: first, onClose }: { draft: Draft; onClose: () => void }) {
  const { t } = useTranslation();
  const language = useLanguage();
  const form = useId();
  const [draft, setDraft] = useState(first);
  const change = (part: Partial<Draft>): void => setDraft({ ...draft, ...part });
  const matches = useMatches(draft);
  const sharings = useSharings();
  const { busy, keep, remove } = useKeep(draft, onClose);
  const ready = draft.name.trim() !== '' && complete(draft.tree);
  const sharing = draft.department_id ? `team ${draft.department_id}` : draft.sharing;
  const share = (value: string): void => {
    const [kind = 'personal', department = null] = value.split(' ');
    change({ sharing: kind as Draft['sharing'], department_id: department });
  };
  return (
    <Dialog
      wide
      title={t(draft.id ? 'views.edit' : 'views.new')}
      onClose={onClose}
      actions={
        <>
          {draft.id && (
            <Button look="danger" icon="trash" busy={busy} onClick={() => void remove()}>
              {t('views.remove')}
            </Button>
          )}
          <span className="grow soft small" role="status">
            {matches !== undefined &&
              t('views.matches', { count: matches, number: count(language, matches) })}
          </span>
          <Button onClick={onClose}>{t('ui.cancel')}</Button>
          <Button look="primary" type="submit" form={form} disabled={!ready} busy={busy}>
            {t('ui.save')}
          </Button>
        </>
      }
    >
      <form
        id={form}
        className="stack"
        onSubmit={(event) => {
          event.preventDefault();
          if (ready) void keep();
        }}
      >
        <TextField
          label={t('views.name')}
          value={draft.name}
          maxLength={60}
          data-first
          onChange={(event) => change({ name: event.target.value })}
        />
        <div className="view-fields">
          <Select label={t('views.sharing')} value={sharing} onChange={share} options={sharings} />
          <Select
            label={t('inbox.sort')}
            value={draft.sort}
            onChange={(sort) => change({ sort: sort as Sort })}
            options={SORTS.map((value) => ({ value, label: t(`inbox.sort.${value}`) }))}
          />
        </div>
        <fieldset className="view-colours">
          <legend className="small">{t('views.colour')}</legend>
          {COLOURS.map((one) => (
            <label key={one} className={`view-colour view-${one}`} title={t(`views.colour.${one}`)}>
              <input
                type="radio"
                name={`${form}-colour`}
                checked={draft.colour === one}
                onChange={() => change({ colour: one })}
              />
              <span className="view-dot" aria-hidden="true" />
              <span className="sr">{t(`views.colour.${one}`)}</span>
            </label>
          ))}
        </fieldset>
        <Builder group={draft.tree} change={(tree) => change({ tree })} />
      </form>
    </Dialog>
  );
}
