// A rung in words: when it is reached, what it does, whom it concerns.

import { useTranslation } from 'react-i18next';
import { useNames } from '@agent/data/hooks';
import type { RungRow, To } from './escalationModel';
import type { HookRow } from './Hooks';
import { useRowsOf } from './list';

export function useRungWords() {
  const { t } = useTranslation();
  const names = useNames();
  const hooks = useRowsOf<HookRow>('/v1/hooks');
  const whom = (one: To): string => {
    if (one.who === 'person') return names.person(one.id);
    if (one.who === 'department') return names.department(one.id);
    if (one.who === 'lead' && one.id) {
      return t('escalation.who.lead_of', { name: names.department(one.id) });
    }
    if (one.who === 'on_call' && one.id) {
      return t('escalation.who.on_call_of', { name: names.department(one.id) });
    }
    return t(`escalation.who.${one.who}`);
  };
  const when = (row: RungRow): string => {
    if (row.at_pct !== undefined) return t('escalation.at_pct', { pct: row.at_pct });
    const minutes = row.after_min ?? 0;
    return t(minutes < 0 ? 'escalation.at_before' : 'escalation.at_after', {
      count: Math.abs(minutes),
    });
  };
  const what = (row: RungRow): string => {
    const people = (row.to ?? []).map(whom).join(', ');
    if (row.action === 'move') return t('escalation.do.move', { queue: names.queue(row.queue_id) });
    if (row.action === 'webhook') {
      const name = hooks.rows.find((one) => one.id === row.hook_id)?.name ?? '';
      return t('escalation.do.webhook', { name });
    }
    if (row.action === 'raise') {
      const parts = [
        row.urgency && t(`escalation.urgency.${row.urgency}`),
        row.tier && t(`tier.${row.tier}`),
      ];
      return t('escalation.do.raise', { to: parts.filter(Boolean).join(', ') });
    }
    if (row.action === 'assign' && people === '') return t('escalation.do.assign_lead');
    return t(`escalation.do.${row.action}`, { people, step: row.step, text: row.text });
  };
  const more = (row: RungRow): string =>
    [
      row.repeat_min ? t('escalation.every', { count: row.repeat_min }) : '',
      row.ack_required ? t('escalation.until_answer') : '',
    ]
      .filter(Boolean)
      .join(', ');
  return { when, what, more };
}
