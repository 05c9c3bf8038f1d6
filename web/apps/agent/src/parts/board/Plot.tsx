// The last half hour by minutes: arrivals, starts and who left, drawn by uPlot; the same as a table behind it.

import { useEffect, useMemo, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import uPlot, { type AlignedData, type Options } from 'uplot';
import 'uplot/dist/uPlot.min.css';
import type { BoardCell } from '@sync/board';
import { clockTime } from '@i18n/format';
import './counters.css';
import { minutes } from './figures';

const NAMES = ['entered', 'started', 'abandoned'] as const;
const TOKENS = ['--accent', '--good', '--bad'] as const;
const DASHES = [[], [6, 4], [2, 3]];

const paint = (token: string): string =>
  getComputedStyle(document.documentElement).getPropertyValue(token).trim();

/** light-dark() is not a colour for a canvas: the browser is asked what it is here. */
function resolved(probe: HTMLElement, token: string): string {
  probe.style.color = `var(${token})`;
  const found = getComputedStyle(probe).color;
  probe.style.color = '';
  return found || paint(token);
}

function options(host: HTMLElement, labels: readonly string[], language: string): Options {
  const axis = resolved(host, '--text-soft');
  const grid = { stroke: resolved(host, '--line'), width: 1 };
  const font = `${getComputedStyle(host).fontSize} Inter, system-ui, sans-serif`;
  return {
    width: Math.max(200, host.clientWidth),
    height: Math.max(140, host.clientHeight),
    legend: { show: false },
    cursor: { show: false },
    scales: { y: { range: (_, __, most) => [0, Math.max(4, Math.ceil(most * 1.1))] } },
    axes: [
      {
        stroke: axis,
        grid: { show: false },
        font,
        values: (_, at) => at.map((one) => clockTime(language, one * 1000)),
      },
      { stroke: axis, grid, font, size: 44, incrs: [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000] },
    ],
    series: [
      {},
      ...labels.map((label, index) => ({
        label,
        stroke: resolved(host, TOKENS[index] ?? '--text'),
        width: 2,
        dash: DASHES[index],
        points: { show: false },
      })),
    ],
  };
}

/** The theme may change while the plot stands: it is drawn anew. */
function watchTheme(draw: () => void): () => void {
  const dark = matchMedia('(prefers-color-scheme: dark)');
  dark.addEventListener('change', draw);
  const watcher = new MutationObserver(draw);
  watcher.observe(document.documentElement, { attributes: true, attributeFilter: ['data-theme'] });
  return () => {
    dark.removeEventListener('change', draw);
    watcher.disconnect();
  };
}

export function Plot({ cells, language }: { cells: readonly BoardCell[]; language: string }) {
  const { t } = useTranslation();
  const host = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot>(undefined);
  const data = useMemo(() => minutes(cells), [cells]);
  const newest = useRef(data);
  newest.current = data;
  const labels = NAMES.map((name) => t(`board.series.${name}`));
  const named = labels.join('\n');
  useEffect(() => {
    const element = host.current;
    if (!element) return undefined;
    const draw = (): void => {
      plot.current?.destroy();
      const made = options(element, named.split('\n'), language);
      plot.current = new uPlot(made, newest.current as AlignedData, element);
    };
    draw();
    const sizes = new ResizeObserver(() => {
      const width = Math.max(200, element.clientWidth);
      plot.current?.setSize({ width, height: Math.max(140, element.clientHeight) });
    });
    sizes.observe(element);
    const still = watchTheme(draw);
    return () => {
      sizes.disconnect();
      still();
      plot.current?.destroy();
      plot.current = undefined;
    };
  }, [language, named]);
  useEffect(() => plot.current?.setData(data as AlignedData), [data]);
  const [moments = []] = data;
  return (
    <figure className="board-plot">
      <figcaption className="board-legend">
        {labels.map((label, index) => (
          <span key={label} className={`board-line board-line-${index}`}>
            {label}
          </span>
        ))}
      </figcaption>
      <div ref={host} className="board-canvas" aria-hidden="true" />
      <table className="sr">
        <caption>{t('board.plot')}</caption>
        <thead>
          <tr>
            <th scope="col">{t('board.minute')}</th>
            {labels.map((label) => (
              <th key={label} scope="col">
                {label}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {moments.map((at, index) => (
            <tr key={at}>
              <th scope="row">{clockTime(language, at * 1000)}</th>
              {labels.map((label, row) => (
                <td key={label}>{data[row + 1]?.[index]}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </figure>
  );
}
