// The steps of a macro in words, in their order.

import { useTranslation } from 'react-i18next';
import type { MacroStep, Texts } from '@api/types';
import { resolve } from './template';

interface MacroStepsProps {
  steps: readonly MacroStep[];
  values: Readonly<Record<string, string>>;
  language: string | null;
  queues: readonly { id: string; name: string }[];
  people: readonly { id: string; name: string }[];
}

const named = (rows: readonly { id: string; name: string }[], id: string): string =>
  rows.find((row) => row.id === id)?.name ?? '?';

export function MacroSteps({ steps, values, language, queues, people }: MacroStepsProps) {
  const { t } = useTranslation();
  const body = (texts: Texts): string => {
    const own = language ? texts[language.slice(0, 2) as keyof Texts] : undefined;
    return resolve(own ?? Object.values(texts).find(Boolean) ?? '', values).text;
  };
  const words = (step: MacroStep): string => {
    switch (step.do) {
      case 'tag':
        return [
          ...(step.add ?? []).map((tag) => t('macro.says_add', { tag })),
          ...(step.remove ?? []).map((tag) => t('macro.says_remove', { tag })),
        ].join(', ');
      case 'priority':
        return t('macro.says_priority', { to: t(`priority.${step.to}`) });
      case 'queue':
        return t('macro.says_queue', { queue: named(queues, step.queue_id) });
      case 'assign':
        return step.to === 'me'
          ? t('macro.says_mine')
          : t('macro.says_assign', { name: named(people, step.to) });
      case 'note':
        return t('macro.says_note', { text: step.text });
      case 'reply':
        return t('macro.says_reply', { text: body(step.bodies) });
      case 'solve':
        return t('macro.says_solve');
      case 'snooze':
        return t('macro.says_snooze', { count: step.hours });
    }
  };
  return (
    <ol className="macro-steps">
      {steps.map((step, index) => (
        <li key={`${index}${step.do}`} className="said">
          {words(step)}
        </li>
      ))}
    </ol>
  );
}
