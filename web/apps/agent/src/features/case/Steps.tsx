// The steps of a Case: the whole process at a glance, the present step with what it asks for.

import { useId, useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import type { Case, CaseAnswer, CaseStep } from '@api/types';
import { Icon } from '@ui/Icon';
import { Scroll } from '@ui/Scroll';
import { useCell, useWorkspace } from '@agent/data/hooks';
import { beside, isOver, present } from './stepModel';
import { StepRow } from './StepRow';
import './steps.css';

interface StepsProps {
  found: Case;
  answer: CaseAnswer;
  rows: readonly CaseStep[];
  open: boolean;
  toggle: () => void;
}

export function Steps({ found, answer, rows, open, toggle }: StepsProps) {
  const { t } = useTranslation();
  const { me, online } = useWorkspace();
  const body = useId();
  const offline = !useCell(online);
  const shown = useMemo(() => present(rows), [rows]);
  const done = shown.filter(isOver).length;
  const now = shown.find((one) => one.state === 'active' || one.state === 'waiting');
  const actor = {
    me: me.id,
    writes: answer.may.move !== false && !offline,
    leads: answer.may.assign === true && !offline,
  };
  const over = found.state === 'solved' || found.state === 'closed';
  return (
    <section className="steps" aria-label={t('steps.title')}>
      <button
        type="button"
        className="steps-head"
        aria-expanded={open}
        aria-controls={open ? body : undefined}
        onClick={toggle}
      >
        <Icon name="checks" size={15} />
        <span className="grow cut">
          <strong>{t('steps.title')}</strong>{' '}
          <span className="small soft">
            {t('steps.progress', { done, total: shown.length })}
            {!open && now && ` · ${now.title}`}
          </span>
        </span>
        <span className="steps-bar" aria-hidden="true">
          {shown.map((one) => (
            <span key={one.id} className={`steps-part steps-part-${one.state}`} />
          ))}
        </span>
        <Icon name={open ? 'down' : 'right'} size={14} />
      </button>
      {open && (
        <Scroll label={t('steps.title')} className="steps-scroll">
          <ol id={body} className="steps-list">
            {shown.map((step, number) => (
              <StepRow
                key={step.id}
                step={step}
                beside={beside(step, shown[number - 1])}
                actor={over ? { ...actor, writes: false, leads: false } : actor}
              />
            ))}
          </ol>
        </Scroll>
      )}
    </section>
  );
}
