// Setting a board up: its place, its pages in order, from where on figures are marked.

import { useQueryClient } from '@tanstack/react-query';
import { useId, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Board, BoardPage, Figure, Thresholds } from '@api/board';
import { LANGUAGES, LANGUAGE_NAMES } from '@i18n/index';
import { Button } from '@ui/Button';
import { Dialog } from '@ui/Dialog';
import { Select, TextField } from '@ui/Field';
import { useAct } from '@agent/data/act';
import { useLanguage, useSetup, useWorkspace } from '@agent/data/hooks';
import { go, href } from '@agent/data/router';
import { PageFields } from './PageFields';
import { ThresholdFields } from './ThresholdFields';

const EMPTY: BoardPage = { title: '', kind: 'figures', figures: [], queues: [] };
const SECONDS = [10, 20, 30, 60, 120];

interface Draft {
  name: string;
  department: string;
  pages: BoardPage[];
  thresholds: Thresholds;
  seconds: number;
  language: string;
}

function useDraft(row: Board | undefined): [Draft, (part: Partial<Draft>) => void] {
  const language = useLanguage();
  const [draft, setDraft] = useState<Draft>(() => ({
    name: row?.name ?? '',
    department: row?.department_id ?? '',
    pages: row?.pages.length
      ? row.pages
      : [EMPTY, { ...EMPTY, kind: 'plots' }, { ...EMPTY, kind: 'queues' }],
    thresholds: row?.thresholds ?? {},
    seconds: row?.seconds ?? 20,
    language: row?.language ?? language.slice(0, 2),
  }));
  return [draft, (part) => setDraft((before) => ({ ...before, ...part }))];
}

function useSaving(row: Board | undefined, onClose: () => void) {
  const { t } = useTranslation();
  const { client } = useWorkspace();
  const queries = useQueryClient();
  const { busy, run } = useAct();
  const save = async (draft: Draft): Promise<void> => {
    const body = {
      name: draft.name.trim(),
      pages: draft.pages,
      thresholds: draft.thresholds,
      seconds: draft.seconds,
      language: draft.language,
    };
    const done = await run(async () => {
      if (row) {
        const headers = { 'If-Match': `"${row.version}"` };
        await client.patch(`/v1/boards/${row.id}`, { body, headers });
      } else {
        const place = draft.department ? { department_id: draft.department } : {};
        const made = await client.post<Board>('/v1/boards', { body: { ...body, ...place } });
        go(href('wallboard', made.id));
      }
      await queries.invalidateQueries({ queryKey: ['boards'] });
    }, t('ui.saved'));
    if (done) onClose();
  };
  const remove = async (): Promise<void> => {
    const done = await run(async () => {
      await client.delete(`/v1/boards/${row?.id}`);
      go(href('wallboard'));
      await queries.invalidateQueries({ queryKey: ['boards'] });
    }, t('board.removed'));
    if (done) onClose();
  };
  return { busy, save, remove };
}

export function BoardDialog({ row, onClose }: { row?: Board; onClose: () => void }) {
  const { t } = useTranslation();
  const { departments, queues, me } = useSetup();
  const [draft, set] = useDraft(row);
  const { busy, save, remove } = useSaving(row, onClose);
  const [sure, setSure] = useState(false);
  const id = useId();
  const mine = departments.filter((one) => me.departments?.includes(one.id));
  const here = queues.filter((one) => !draft.department || one.department_id === draft.department);
  const change = (index: number, page: BoardPage | undefined): void =>
    set({ pages: draft.pages.flatMap((one, n) => (n === index ? (page ? [page] : []) : [one])) });
  const mark = (name: Figure, limit: Thresholds[Figure]): void => {
    const { [name]: _, ...others } = draft.thresholds;
    set({ thresholds: limit ? { ...others, [name]: limit } : others });
  };
  return (
    <Dialog
      wide
      title={t(row ? 'board.edit' : 'board.new')}
      onClose={onClose}
      actions={
        <>
          {row && (
            <Button
              look={sure ? 'danger' : 'quiet'}
              icon="trash"
              onClick={() => (sure ? void remove() : setSure(true))}
            >
              {t(sure ? 'board.remove_sure' : 'board.remove')}
            </Button>
          )}
          <span className="grow" />
          <Button onClick={onClose}>{t('ui.cancel')}</Button>
          <Button
            type="submit"
            form={id}
            look="primary"
            busy={busy}
            disabled={draft.name.trim() === ''}
          >
            {t('ui.save')}
          </Button>
        </>
      }
    >
      <form
        id={id}
        noValidate
        className="dialog-form"
        onSubmit={(event) => {
          event.preventDefault();
          if (draft.name.trim() !== '' && !busy) void save(draft);
        }}
      >
        <TextField
          label={t('board.name')}
          value={draft.name}
          maxLength={100}
          onChange={(event) => set({ name: event.target.value })}
        />
        <Select
          label={t('board.place')}
          hint={t('board.place_hint')}
          value={draft.department}
          disabled={row !== undefined}
          onChange={(department) =>
            set({ department, pages: draft.pages.map((one) => ({ ...one, queues: [] })) })
          }
          options={[
            { value: '', label: t('board.house') },
            ...mine.map((one) => ({ value: one.id, label: one.name })),
          ]}
        />
        <fieldset className="board-pages">
          <legend>{t('board.pages')}</legend>
          {draft.pages.map((page, index) => (
            <PageFields
              key={index}
              page={page}
              number={index + 1}
              queues={here}
              onChange={(next) => change(index, next)}
              onRemove={draft.pages.length > 1 ? () => change(index, undefined) : undefined}
            />
          ))}
          <Button
            small
            icon="plus"
            disabled={draft.pages.length >= 12}
            onClick={() => set({ pages: [...draft.pages, EMPTY] })}
          >
            {t('board.page_add')}
          </Button>
        </fieldset>
        <ThresholdFields thresholds={draft.thresholds} onChange={mark} />
        <div className="board-pair">
          <Select
            label={t('board.seconds')}
            value={String(draft.seconds)}
            onChange={(seconds) => set({ seconds: Number(seconds) })}
            options={[...new Set([...SECONDS, draft.seconds])].map((n) => ({
              value: String(n),
              label: t('board.seconds_of', { n }),
            }))}
          />
          <Select
            label={t('board.language')}
            value={draft.language}
            onChange={(language) => set({ language })}
            options={LANGUAGES.map((one) => ({ value: one, label: LANGUAGE_NAMES[one] }))}
          />
        </div>
      </form>
    </Dialog>
  );
}
