// How figures are written: counts, shares, spans; a dash where nothing was counted.

import type { TFunction } from 'i18next';
import type { Definition, Figure } from '@api/board';
import { count, span } from '@i18n/format';
import type { Value } from './figures';

const DAYS_MS = 48 * 3_600_000;

const two = (n: number): string => String(n).padStart(2, '0');

/** 0:07, 12:30, 1:05:00: as short as a wall needs it, the same in every language. */
export function spanShort(ms: number, language: string): string {
  if (ms >= DAYS_MS) return span(language, ms);
  const seconds = Math.floor(ms / 1000);
  const [h, m, s] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
  return h > 0 ? `${h}:${two(m)}:${two(s)}` : `${m}:${two(s)}`;
}

export function written({ value, unit }: Value, language: string): string {
  if (value === undefined) return '–';
  if (unit === 'ms') return spanShort(value, language);
  if (unit === 'count') return count(language, value);
  return new Intl.NumberFormat(language, { style: 'percent', maximumFractionDigits: 0 }).format(
    value,
  );
}

const DEFINED: Partial<Record<Figure, string>> = {
  service_level: 'service_level',
  service_level_half: 'service_level',
  abandon_pct: 'abandon_pct',
  abandon_pct_half: 'abandon_pct',
  asa: 'asa',
  work_span: 'work_span',
  offer_accept_pct: 'offer_accept_pct',
  entered: 'entered',
  answered: 'answered',
};

/** What a figure means, in one line: name, version, what is left out, whose clock, which moment counts. */
export function meaning(name: Figure, metrics: readonly Definition[], t: TFunction): string {
  const one = metrics.find((metric) => metric.key === DEFINED[name]);
  if (!one) return t(`board.figure.${name}`);
  const parts = [t(`board.figure.${name}`), t('board.version', { n: one.version })];
  if (one.key === 'service_level' || one.key === 'abandon_pct')
    parts.push(
      t(one.switches.short ? 'board.short_in' : 'board.short_out', { s: one.short_ms / 1000 }),
    );
  if (one.key === 'service_level')
    parts.push(t(one.switches.flow_outs ? 'board.flow_in' : 'board.flow_out'));
  if (one.clock === 'target') parts.push(t('board.clock_target'));
  parts.push(t(`board.bucket.${one.bucket.replaceAll(' ', '_').replaceAll('-', '_')}`));
  return parts.join(' · ');
}
