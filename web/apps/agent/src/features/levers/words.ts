// Levers as sentences: what one does, where, how much; the same in the list and in the dialog.

import type { TFunction } from 'i18next';
import type { LeverRow } from '@api/lever';
import { count, span } from '@i18n/format';
import type { Names } from '@agent/data/hooks';

export const factorOf = (language: string, milli: number): string =>
  `× ${new Intl.NumberFormat(language, { maximumFractionDigits: 2 }).format(milli / 1000)}`;

export const share = (language: string, milli: number): string =>
  new Intl.NumberFormat(language, { style: 'percent', maximumFractionDigits: 0 }).format(
    milli / 1000,
  );

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

/** The skills that were lent: "Polish 3, Cards 2". */
function skillsOf(row: LeverRow, t: TFunction, names: Names, language: string): string {
  const lent = Object.entries((row.value.skills ?? {}) as Record<string, number>);
  const said = lent.map(([key, n]) => t('lever.skill_level', { name: names.skill(key), n }));
  return new Intl.ListFormat(language, { type: 'unit' }).format(said);
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
      return [peopleOf(row.agent_ids, names, language), skillsOf(row, t, names, language)]
        .filter(Boolean)
        .join(' · ');
    case 'hours':
    case 'callback':
      return t(
        `lever.does.${row.kind}_${value(row.kind === 'hours' ? 'open' : 'on') ? 'on' : 'off'}`,
      );
    case 'outage':
      return row.value.other
        ? t('lever.does.outage_to', { name: t(`channel.${String(row.value.other)}`) })
        : t('lever.does.outage');
    default:
      return t(`lever.does.${row.kind}`);
  }
}
