// One step in the list: how it stands, where and with whom, what became of it.

import { useState } from 'react';
import type { TFunction } from 'i18next';
import { useTranslation } from 'react-i18next';
import type { CaseStep } from '@api/types';
import { dayTime, worded } from '@i18n/format';
import { Icon } from '@ui/Icon';
import { Menu, type MenuItem } from '@ui/Menu';
import { Chip } from '@ui/Small';
import { useEntity, useLanguage, useNames, useNow } from '@agent/data/hooks';
import { isLive, isOver, MARK, type Actor } from './stepModel';
import { StepCard } from './StepCard';
import { StepReasonDialog } from './StepReasonDialog';

const OVERDUE_TONE = { true: 'bad', false: 'plain' } as const;

function Due({ at }: { at: string }) {
  const { t } = useTranslation();
  const language = useLanguage();
  const now = useNow(30_000);
  const due = Date.parse(at);
  return (
    <Chip tone={OVERDUE_TONE[`${due < now}`]} icon="clock">
      {t('steps.due', { time: dayTime(language, due, now) })}
    </Chip>
  );
}

/** Where a live step is and who has it. */
function Place({ step, me }: { step: CaseStep; me: string }) {
  const { t } = useTranslation();
  const names = useNames();
  const work = useEntity('work_item', step.work_item_id ?? undefined);
  const queue = names.queue(work?.queue_id ?? step.queue_id);
  const who = work?.agent_id;
  return (
    <>
      {queue && <Chip icon="inbox">{queue}</Chip>}
      {who && (
        <Chip icon="user" tone={who === me ? 'accent' : 'plain'}>
          {who === me ? t('case.with_me') : names.person(who)}
        </Chip>
      )}
      {step.why && <Chip icon="clock">{whyWords(step, t)}</Chip>}
      {step.approvals > 1 && (
        <Chip icon="users">
          {t('steps.approved', { done: step.approved.length, total: step.approvals })}
        </Chip>
      )}
      {step.rounds > 1 && <Chip icon="refresh">{t('steps.round', { number: step.rounds })}</Chip>}
      {step.due_at && <Due at={step.due_at} />}
    </>
  );
}

/** Why a step waits; what the machine could not do says why. */
function whyWords(step: CaseStep, t: TFunction): string {
  const handed = step.state === 'active' && (step.kind === 'send' || step.kind === 'system');
  if (!handed) return t(`steps.why.${step.why}`, { defaultValue: '' });
  return t('steps.handed', { why: t(`problem.${step.why}`, { defaultValue: step.why }) });
}

/** What became of a step that is over, in one quiet line. */
function Fate({ step }: { step: CaseStep }) {
  const { t } = useTranslation();
  const language = useLanguage();
  const names = useNames();
  const now = useNow(60_000);
  const who = names.person(step.done_by);
  const when = step.done_at ? dayTime(language, Date.parse(step.done_at), now) : '';
  const why = step.why ? t(`steps.why.${step.why}`, { defaultValue: '' }) : '';
  const words = [who, when, step.why === 'person' ? '' : why, step.reason].filter(Boolean);
  return <p className="tiny soft step-fate">{words.join(' · ')}</p>;
}

function Answers({ step }: { step: CaseStep }) {
  const { t } = useTranslation();
  const given = step.form.filter((field) => field.key in step.answers);
  if (given.length === 0) return null;
  return (
    <dl className="step-answers tiny">
      {given.map((field) => {
        const answer = step.answers[field.key];
        return (
          <div key={field.key}>
            <dt>{field.label}</dt>
            <dd>
              {typeof answer === 'boolean' ? t(answer ? 'steps.yes' : 'steps.no') : String(answer)}
            </dd>
          </div>
        );
      })}
    </dl>
  );
}

interface RowProps {
  step: CaseStep;
  actor: Actor;
  beside: boolean;
}

export function StepRow({ step: found, actor, beside }: RowProps) {
  const { t } = useTranslation();
  const language = useLanguage();
  const step = { ...found, title: worded(language, found.titles, found.title) };
  const [asked, setAsked] = useState<'waive' | 'reopen'>();
  const live = isLive(step);
  const mark = MARK[step.state];
  const items: MenuItem[] = [
    step.state !== 'done' && step.state !== 'waived'
      ? { id: 'waive', label: t('steps.waive'), icon: 'out', onSelect: () => setAsked('waive') }
      : {
          id: 'reopen',
          label: t('steps.reopen'),
          icon: 'undo',
          onSelect: () => setAsked('reopen'),
        },
  ];
  return (
    <li className={`step step-${step.state}${beside ? ' step-beside' : ''}`}>
      <span className="step-mark">
        {mark && <Icon name={mark} size={13} />}
        <span className="sr">{t(`steps.state.${step.state}`)}</span>
      </span>
      <div className="step-body">
        <div className="row wrap step-top">
          <span className="step-title">{step.title}</span>
          {live && <Place step={step} me={actor.me} />}
        </div>
        {isOver(step) && <Fate step={step} />}
        {isOver(step) && <Answers step={step} />}
        {step.state === 'todo' && step.reason && <Fate step={step} />}
        {live && <StepCard step={step} actor={actor} />}
      </div>
      {actor.leads && (
        <Menu
          label={t('steps.more', { name: step.title })}
          side="right"
          button={<Icon name="more" size={16} />}
          items={items}
        />
      )}
      {asked && <StepReasonDialog step={step} verb={asked} onClose={() => setAsked(undefined)} />}
    </li>
  );
}
