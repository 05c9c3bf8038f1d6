// Levers as sentences: what one does, where, how much; the same in the list and in the dialog.

import type { TFunction } from 'i18next';
import type { LeverRow } from '@api/lever';
import { count, span } from '@i18n/format';
import type { Names } from '@agent/data/hooks';

export const factorOf = (language: string, milli: number): string =>
  `× ${new Intl.NumberFormat(language, { maximumFractionDigits: 2 }).format(milli / 1000)}`;

export function placeOf(row: LeverRow, t: TFunction, names: Names): string {
  if (row.queue_id) return names.queue(row.queue_id) || t('lever.gone');
  if (row.channel) return t('lever.place_channel', { name: t(`channel.${row.channel}`) });
  if (row.tier) return t('lever.place_tier', { name: t(`tier.${row.tier}`) });
  return '';
}

export function peopleOf(ids: readonly string[], names: Names, language: string): string {
  const known = ids.map((id) => names.person(id)).filter(Boolean);
  return new Intl.ListFormat(language, { type: 'conjunction' }).format(known);
}

/** What it does, in a few words: "× 2", "to Cards after 5 min", "no offers". */
export function doesOf(row: LeverRow, t: TFunction, names: Names, language: string): string {
  const value = (name: string): number => Number(row.value[name] ?? 0);
  switch (row.kind) {
    case 'weight':
      return factorOf(language, value('milli'));
    case 'ladder_now':
      return t('lever.does.ladder_now', { n: count(language, value('pct')) });
    case 'reserve':
      return t('lever.does.reserve', { count: value('agents') });
    case 'overflow':
      return row.value.queue_id
        ? t('lever.does.overflow_to', {
            queue: names.queue(String(row.value.queue_id)) || t('lever.gone'),
            span: span(language, value('after_s') * 1000),
          })
        : t('lever.does.overflow_off');
    case 'capacity':
      return t('lever.does.capacity', {
        people: peopleOf(row.agent_ids, names, language),
        n: count(language, value('units')),
      });
    case 'lend':
      return peopleOf(row.agent_ids, names, language);
    default:
      return t(`lever.does.${row.kind}`);
  }
}
