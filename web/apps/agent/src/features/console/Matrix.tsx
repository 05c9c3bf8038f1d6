// Queues and channels, what needs somebody first: what waits, how long, who is there, how well it goes.

import { lazy, Suspense, useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { BoardCell } from '@sync/board';
import { count, span } from '@i18n/format';
import { Async } from '@ui/Async';
import { Button, IconButton } from '@ui/Button';
import { Icon } from '@ui/Icon';
import { Chip } from '@ui/Small';
import { useLanguage, useNames, useSetup, useWorkspace } from '@agent/data/hooks';
import { Age } from '@agent/parts/board/Age';
import { FEW, figure } from '@agent/parts/board/figures';
import { Marks } from '@agent/parts/board/marks';
import { STALE_MS, timesOf, useBoard, useSecond } from '@agent/parts/board/useBoard';
import { useJoined, useTrouble } from '@agent/parts/board/useJoined';
import { written } from '@agent/parts/board/words';
import { ChannelMark } from '@agent/parts/Marks';
import { byTrouble, rows, trouble, type Row } from './trouble';

const Plot = lazy(() =>
  import('@agent/parts/board/Plot').then((found) => ({ default: found.Plot })),
);
/** Of a service level, in thousandths. */
const GOAL = { warn: 900, bad: 800 };

/** What is wrong with a row, in words. */
function Trouble({ row }: { row: Row }) {
  const { t } = useTranslation();
  switch (trouble(row)) {
    case 4:
      return (
        <Chip tone="bad" icon="alert">
          {t('console.nobody')}
        </Chip>
      );
    case 3:
      return (
        <Chip tone="bad" icon="clock">
          {t('console.late', { count: row.late })}
        </Chip>
      );
    case 2:
      return (
        <Chip tone="warn" icon="clock">
          {t('console.soon', { count: row.soon })}
        </Chip>
      );
    case 1:
      return (
        <Chip tone="warn" icon="users">
          {t('console.all_busy')}
        </Chip>
      );
    default:
      return null;
  }
}

interface LineProps {
  row: Row;
  now: number;
  marks: Marks;
  onOpen: (() => void) | undefined;
  onPull: (() => void) | undefined;
}

function Line({ row, now, marks, onOpen, onPull }: LineProps) {
  const { t } = useTranslation();
  const language = useLanguage();
  const names = useNames();
  const level = figure('service_level', row.cells, now);
  const mark = marks.of(`${row.queue} ${row.channel}`, level, GOAL, now);
  const few = (level.n ?? 0) < FEW;
  const name = names.queue(row.queue);
  const channel = row.channel ? t(`channel.${row.channel}`) : '';
  return (
    <tr className={trouble(row) >= 3 ? 'console-row console-row-bad' : 'console-row'}>
      <th scope="row">
        <button type="button" className="console-open" disabled={!onOpen} onClick={onOpen}>
          {row.channel && <ChannelMark kind={row.channel} />}
          <span className="cut">{name}</span>
          {channel && <span className="soft console-channel">{channel}</span>}
        </button>
        <span className="console-below">
          <Trouble row={row} />
        </span>
      </th>
      <td className="figures console-strong">{count(language, row.waiting)}</td>
      <td className="figures">{row.longest === undefined ? '–' : span(language, row.longest)}</td>
      <td className="figures console-wide">
        {written(figure('in_work', row.cells, now), language)}
      </td>
      <td className="figures">
        {t('console.free_of', { free: row.ready, online: row.online })}
        <span className="sr">{t('console.free_of_long')}</span>
      </td>
      <td
        className={`figures console-wide ${few ? 'soft' : `console-${mark}`}`}
        title={t('console.level_of', { n: level.n ?? 0 })}
      >
        {!few && mark !== 'good' && <Icon name={mark === 'bad' ? 'flag' : 'alert'} size={13} />}
        {written(level, language)}
      </td>
      <td className="console-trouble">
        <Trouble row={row} />
      </td>
      <td className="console-acts">
        {onPull && (
          <IconButton
            icon="rules"
            size={16}
            label={t('console.adjust', { name: `${name} ${channel}`.trim() })}
            onClick={onPull}
          />
        )}
      </td>
    </tr>
  );
}

interface MatrixProps {
  departments: readonly string[];
  channel: string;
  onOpen: ((queue: string, channel: string) => void) | undefined;
  onPull: ((queue: string, channel: string) => void) | undefined;
}

const HEADS = ['waiting', 'longest', 'in_work', 'free', 'level'] as const;
const WIDE = new Set<string>(['in_work', 'level']);

function Table({
  cells,
  now,
  ...props
}: MatrixProps & { cells: readonly BoardCell[]; now: number }) {
  const { t } = useTranslation();
  const { queues } = useSetup();
  const names = useNames();
  const marks = useMemo(() => new Marks(), []);
  const mine = queues.filter((one) => props.departments.includes(one.department_id ?? ''));
  const found = rows(
    cells,
    mine.map((one) => one.id),
    now,
  ).filter((row) => !props.channel || row.channel === props.channel);
  return (
    <table className="console-table">
      <caption className="sr">{t('console.matrix')}</caption>
      <thead>
        <tr>
          <th scope="col">{t('word.queue')}</th>
          {HEADS.map((head) => (
            <th key={head} scope="col" className={WIDE.has(head) ? 'console-wide' : undefined}>
              {t(`console.head.${head}`)}
            </th>
          ))}
          <td />
          <td />
        </tr>
      </thead>
      <tbody>
        {byTrouble(found, names.queue).map((row) => (
          <Line
            key={`${row.queue} ${row.channel}`}
            row={row}
            now={now}
            marks={marks}
            onOpen={props.onOpen && (() => props.onOpen?.(row.queue, row.channel))}
            onPull={props.onPull && (() => props.onPull?.(row.queue, row.channel))}
          />
        ))}
      </tbody>
    </table>
  );
}

export function Matrix(props: MatrixProps) {
  const { t } = useTranslation();
  const language = useLanguage();
  const { boards } = useWorkspace();
  const { queues } = useSetup();
  const [plot, setPlot] = useState(false);
  const topics = useMemo(
    () => props.departments.flatMap((one) => [`board:${one}`, `board:${one}:sealed`]),
    [props.departments],
  );
  useJoined(topics);
  const watched = useBoard(boards, topics);
  const local = useSecond();
  const error = useTrouble(topics[0] ?? '', watched !== undefined);
  const times = watched && timesOf(watched, local);
  const none = !queues.some((one) => props.departments.includes(one.department_id ?? ''));
  return (
    <Async
      loading={!watched}
      error={error}
      empty={none}
      nothing={{ title: t('console.no_queues'), icon: 'inbox' }}
    >
      {watched && times && (
        <div className={times.age > STALE_MS ? 'console-matrix console-stale' : 'console-matrix'}>
          <div className="row console-line">
            <Age ms={times.age} />
            <span className="grow" />
            <Button small icon="chart" aria-expanded={plot} onClick={() => setPlot(!plot)}>
              {t('console.trend')}
            </Button>
          </div>
          {plot && (
            <Suspense fallback={<div className="board-plot" />}>
              <Plot cells={watched.cells} language={language} />
            </Suspense>
          )}
          <Table {...props} cells={watched.cells} now={times.now} />
        </div>
      )}
    </Async>
  );
}
