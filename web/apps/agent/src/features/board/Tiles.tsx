// Large figures: each with its mark as icon, word and colour, and what it means behind it.

import { useTranslation } from 'react-i18next';
import type { Definition, Figure, Thresholds } from '@api/board';
import type { BoardCell } from '@sync/board';
import { Icon } from '@ui/Icon';
import { atWork, FEW, figure, peopleOf, type Mark } from '@agent/parts/board/figures';
import type { Marks } from '@agent/parts/board/marks';
import { meaning, written } from '@agent/parts/board/words';

export const USUAL: readonly Figure[] = [
  'waiting',
  'longest',
  'service_level',
  'service_level_half',
  'abandon_pct',
  'breached',
  'in_work',
  'ready',
];

const MARKED = { good: 'check', warn: 'alert', bad: 'flag' } as const;

interface TileProps {
  name: Figure;
  text: string;
  mark: Mark;
  few: boolean;
  n: number | undefined;
  means: string;
}

function Tile({ name, text, mark, few, n, means }: TileProps) {
  const { t } = useTranslation();
  return (
    <div className={`board-tile board-${mark}`} title={means}>
      <dt className="board-name">{t(`board.figure.${name}`)}</dt>
      <dd className={few ? 'board-value board-few figures' : 'board-value figures'}>{text}</dd>
      <dd className="board-under">
        {mark !== 'good' && (
          <span className="board-mark">
            <Icon name={MARKED[mark]} size={16} /> {t(`board.mark.${mark}`)}
          </span>
        )}
        {n !== undefined && <span className="soft">{t('board.of', { n })}</span>}
      </dd>
    </div>
  );
}

export interface FiguresProps {
  cells: readonly BoardCell[];
  queues: readonly string[];
  figures: readonly Figure[];
  thresholds: Thresholds;
  metrics: readonly Definition[];
  marks: Marks;
  now: number;
  language: string;
}

export function Tiles(props: FiguresProps) {
  const { t } = useTranslation();
  const { cells, queues, thresholds, metrics, marks, now, language } = props;
  const work = atWork(cells, queues);
  const people = peopleOf(cells, queues);
  const chosen = props.figures.length > 0 ? props.figures : USUAL;
  return (
    <dl className="board-tiles">
      {chosen.map((name) => {
        const value = figure(name, work, now, people);
        const key = `${name} ${queues.join()}`;
        return (
          <Tile
            key={name}
            name={name}
            text={written(value, language)}
            mark={marks.of(key, value, thresholds[name], now)}
            few={value.unit === 'pct' && (value.n ?? 0) < FEW}
            n={value.unit === 'pct' ? value.n : undefined}
            means={meaning(name, metrics, t)}
          />
        );
      })}
    </dl>
  );
}
