// The wallboard in the workspace: what waits and how well it goes, live; boards are chosen, set up and hung on walls here.

import { useQuery } from '@tanstack/react-query';
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Board, BoardPage, Definition } from '@api/board';
import { Async } from '@ui/Async';
import { Button, IconButton } from '@ui/Button';
import { Icon } from '@ui/Icon';
import { asError } from '@agent/data/act';
import { useLanguage, useSetup, useWorkspace } from '@agent/data/hooks';
import { go, href } from '@agent/data/router';
import { Age } from '@agent/parts/board/Age';
import { Overlook } from '@agent/parts/board/Overlook';
import { BoardDialog } from './BoardDialog';
import { LinksDialog } from './LinksDialog';
import { Marks } from '@agent/parts/board/marks';
import { Page, USUAL_PAGES, type Named } from './Page';
import { STALE_MS, timesOf, useBoard, useSecond } from '@agent/parts/board/useBoard';
import { useJoined, useTrouble } from '@agent/parts/board/useJoined';
import './board.css';

interface Boards {
  items: Board[];
  metrics: Definition[];
}

interface Choice {
  id: string;
  name: string;
  department: string | null;
  board?: Board;
}

function useBoards() {
  const { client } = useWorkspace();
  return useQuery({ queryKey: ['boards'], queryFn: () => client.get<Boards>('/v1/boards') });
}

/** Boards that were set up, and one for each place that needs no setting up. */
function useChoices(boards: readonly Board[]): Choice[] {
  const { t } = useTranslation();
  const { departments, me } = useSetup();
  return useMemo(() => {
    const mine = new Set(me.departments ?? []);
    return [
      ...boards.map((board) => ({
        id: board.id,
        name: board.name,
        department: board.department_id,
        board,
      })),
      ...departments
        .filter((one) => mine.has(one.id))
        .map((one) => ({ id: `of-${one.id}`, name: one.name, department: one.id })),
      { id: 'house', name: t('board.house'), department: null },
    ];
  }, [boards, departments, me, t]);
}

interface LiveProps {
  choice: Choice;
  metrics: readonly Definition[];
}

function Live({ choice, metrics }: LiveProps) {
  const { t } = useTranslation();
  const language = useLanguage();
  const { queues } = useSetup();
  const { boards } = useWorkspace();
  const { department } = choice;
  const place = `board:${department ?? 'house'}`;
  const topics = department ? [place, `${place}:sealed`] : [place];
  useJoined(topics);
  const watched = useBoard(boards, topics);
  const local = useSecond();
  const trouble = useTrouble(place, watched !== undefined);
  const marks = useMemo(() => new Marks(), []);
  const named: Named[] = queues.filter((one) => !department || one.department_id === department);
  const times = watched && timesOf(watched, local);
  const pages: readonly BoardPage[] = choice.board?.pages.length ? choice.board.pages : USUAL_PAGES;
  return (
    <Async
      loading={!watched}
      error={trouble}
      empty={named.length === 0}
      nothing={{ title: t('board.no_queues'), hint: t('board.no_queues_hint'), icon: 'chart' }}
    >
      {watched && times && (
        <div className={times.age > STALE_MS ? 'board-live board-stale' : 'board-live'}>
          <Age ms={times.age} />
          {pages.map((page, index) => (
            <section key={index} aria-label={page.title || t(`board.page.${page.kind}`)}>
              <h2 className="board-title">{page.title || t(`board.page.${page.kind}`)}</h2>
              <Page
                page={page}
                shown={{
                  cells: watched.cells,
                  queues: named,
                  thresholds: choice.board?.thresholds ?? {},
                  metrics,
                  marks,
                  now: times.now,
                  language,
                }}
              />
            </section>
          ))}
          <Overlook department={department} />
        </div>
      )}
    </Async>
  );
}

type Open = 'new' | 'edit' | 'links' | undefined;

export function Wallboard({ id }: { id: string | undefined }) {
  const { t } = useTranslation();
  const list = useBoards();
  const choices = useChoices(list.data?.items ?? []);
  const [open, setOpen] = useState<Open>();
  const choice = choices.find((one) => one.id === id) ?? choices[0];
  const board = choice?.board;
  const close = (): void => setOpen(undefined);
  return (
    <div className="board-page">
      <header className="board-head">
        <h1>{t('word.wallboard')}</h1>
        <span className="customer-choice board-choice">
          <select
            aria-label={t('board.choose')}
            value={choice?.id}
            onChange={(event) => go(href('wallboard', event.target.value), true)}
          >
            {choices.map((one) => (
              <option key={one.id} value={one.id}>
                {one.name}
              </option>
            ))}
          </select>
          <Icon name="down" size={12} />
        </span>
        <span className="grow" />
        {board && (
          <>
            <IconButton icon="edit" label={t('board.edit')} onClick={() => setOpen('edit')} />
            <Button icon="screen" onClick={() => setOpen('links')}>
              {t('board.hang')}
            </Button>
          </>
        )}
        <Button icon="plus" onClick={() => setOpen('new')}>
          {t('board.new')}
        </Button>
      </header>
      <Async
        loading={list.isLoading}
        error={list.data ? null : asError(list.error)}
        retry={() => void list.refetch()}
      >
        {choice && <Live key={choice.id} choice={choice} metrics={list.data?.metrics ?? []} />}
      </Async>
      {open === 'new' && <BoardDialog onClose={close} />}
      {open === 'edit' && board && <BoardDialog key={board.version} row={board} onClose={close} />}
      {open === 'links' && board && <LinksDialog board={board} onClose={close} />}
    </div>
  );
}
