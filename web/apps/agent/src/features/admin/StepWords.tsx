// A designed step in one look: where it waits, what it asks, where it goes.

import { useTranslation } from 'react-i18next';
import type { StepKind } from '@api/types';
import { span } from '@i18n/format';
import type { IconName } from '@ui/Icon';
import { Chip } from '@ui/Small';
import { useLanguage, useNames } from '@agent/data/hooks';
import { worked, type Step } from './processModel';

const MARKS: Partial<Record<StepKind, IconName>> = { close: 'check', send: 'send', system: 'bolt' };

export function StepWords({ step, steps }: { step: Step; steps: readonly Step[] }) {
  const { t } = useTranslation();
  const language = useLanguage();
  const names = useNames();
  const back = steps.find((one) => one.key === step.on_reject);
  return (
    <div className="grow stack-tight rule-body">
      <strong>{step.title}</strong>
      <span className="row wrap rule-effects">
        {worked(step.kind) ? (
          <Chip tone="accent" icon="inbox">
            {names.queue(step.queue) || t('rules.queue_missing')}
          </Chip>
        ) : (
          <Chip icon={MARKS[step.kind] ?? 'clock'}>
            {t(`process.kind.${step.kind}`)}
            {step.wait_s ? ` · ${span(language, step.wait_s * 1000)}` : ''}
          </Chip>
        )}
        {step.kind === 'approval' && (
          <Chip icon="users">{t('process.approves', { count: step.approvals })}</Chip>
        )}
        {step.target_s && worked(step.kind) && (
          <Chip icon="clock">{span(language, step.target_s * 1000)}</Chip>
        )}
        {step.checklist.length > 0 && (
          <Chip icon="checks">{t('process.checks', { count: step.checklist.length })}</Chip>
        )}
        {step.form.length > 0 && (
          <Chip icon="edit">{t('process.fields', { count: step.form.length })}</Chip>
        )}
        {step.enter_if && <Chip icon="question">{t('process.only_if')}</Chip>}
        {step.next.length > 0 && (
          <Chip icon="split">{t('process.ways', { count: step.next.length })}</Chip>
        )}
        {back && <Chip icon="undo">{t('process.reject_back', { name: back.title })}</Chip>}
      </span>
      {step.beside && <span className="tiny soft">{t('process.at_once')}</span>}
    </div>
  );
}
