// The table of Queues and channels: what waits, how long, who could take it, how well it went.

import { useTranslation } from 'react-i18next';
import type { Figure, Thresholds } from '@api/board';
import type { BoardCell } from '@sync/board';
import { Icon } from '@ui/Icon';
import { FEW, figure, lines, servers, type Line } from '@agent/parts/board/figures';
import type { Marks } from '@agent/parts/board/marks';
import { written } from '@agent/parts/board/words';

const COLUMNS: readonly Figure[] = [
  'waiting',
  'longest',
  'breached',
  'in_work',
  'ready',
  'service_level',
  'service_level_half',
  'abandon_pct',
];
/** Left out where there is no room. */
const WIDE = new Set<Figure>(['in_work', 'service_level_half', 'abandon_pct', 'breached']);

export interface QueueTableProps {
  cells: readonly BoardCell[];
  queues: readonly { id: string; name: string }[];
  thresholds: Thresholds;
  marks: Marks;
  now: number;
  language: string;
}

interface CellsProps extends QueueTableProps {
  id: string;
  work: readonly BoardCell[];
  people: readonly BoardCell[];
}

function Cells({ id, work, people, thresholds, marks, now, language }: CellsProps) {
  const { t } = useTranslation();
  return COLUMNS.map((name) => {
    const value = figure(name, work, now, people);
    const mark = marks.of(`${name} ${id}`, value, thresholds[name], now);
    const few = value.unit === 'pct' && (value.n ?? 0) < FEW ? 'board-few' : '';
    return (
      <td
        key={name}
        className={`figures board-${mark} ${few} ${WIDE.has(name) ? 'board-wide' : ''}`}
        title={value.n === undefined ? undefined : t('board.of', { n: value.n })}
      >
        {mark !== 'good' && (
          <>
            <Icon name={mark === 'bad' ? 'flag' : 'alert'} size={13} />
            <span className="sr">{t(`board.mark.${mark}`)}</span>
          </>
        )}
        {written(value, language)}
      </td>
    );
  });
}

function Rows(props: QueueTableProps & { line: Line; name: string }) {
  const { t } = useTranslation();
  const { line, name, cells } = props;
  const one = line.channels.length === 1 ? line.channels[0] : undefined;
  const whole = servers(cells, line.queue, '');
  return (
    <>
      <tr className="board-queue">
        <th scope="row">
          {name}
          {one && <span className="soft board-channel"> {t(`channel.${one.channel}`)}</span>}
        </th>
        <Cells {...props} id={line.queue} work={line.cells} people={whole} />
      </tr>
      {line.channels.length > 1 &&
        line.channels.map((each) => (
          <tr key={each.channel} className="board-part">
            <th scope="row">
              <span className="sr">{name} </span>
              {t(`channel.${each.channel}`)}
            </th>
            <Cells
              {...props}
              id={`${line.queue} ${each.channel}`}
              work={each.cells}
              people={servers(cells, line.queue, each.channel)}
            />
          </tr>
        ))}
    </>
  );
}

export function QueueTable(props: QueueTableProps) {
  const { t } = useTranslation();
  const { cells, queues } = props;
  const names = new Map(queues.map((one) => [one.id, one.name]));
  return (
    <table className="board-table">
      <caption className="sr">{t('board.queues')}</caption>
      <thead>
        <tr>
          <th scope="col">{t('word.queue')}</th>
          {COLUMNS.map((name) => (
            <th key={name} scope="col" className={WIDE.has(name) ? 'board-wide' : undefined}>
              {t(`board.short.${name}`)}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {lines(cells, [...names.keys()]).map((line) => (
          <Rows key={line.queue} {...props} line={line} name={names.get(line.queue) ?? ''} />
        ))}
      </tbody>
    </table>
  );
}
