// The first set-up in seven steps that can be skipped and taken up again; the test ticks as it happens.

import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Async } from '@ui/Async';
import { Button } from '@ui/Button';
import { Icon } from '@ui/Icon';
import { asError, useAct } from '@agent/data/act';
import { useSetup, useWorkspace } from '@agent/data/hooks';
import { href } from '@agent/data/router';
import { Company } from './GuideCompany';
import type { GuideState, StepName, StepProps } from './guideModel';
import { TestMessage } from './GuideTest';
import './guide.css';

const DEMO = 'polyphony demo';

function Links({ to }: { to: [string, string][] }) {
  return (
    <ul className="plain-list guide-links">
      {to.map(([address, label]) => (
        <li key={address}>
          <a href={address}>
            {label}
            <Icon name="right" size={15} />
          </a>
        </li>
      ))}
    </ul>
  );
}

function contents(step: StepName, props: StepProps, t: (key: string) => string): ReactNode {
  switch (step) {
    case 'account':
      return <Links to={[[href('profile'), t('guide.to_profile')]]} />;
    case 'company':
      return <Company {...props} />;
    case 'data':
      return (
        <div className="stack">
          <p className="small">{t('guide.data_demo')}</p>
          <code className="code">{DEMO}</code>
          <div className="row">
            <Button look="primary" onClick={() => props.go('done')}>
              {t('guide.data_empty')}
            </Button>
          </div>
        </div>
      );
    case 'channel':
      return (
        <Links
          to={[
            [href('admin', 'channels'), t('guide.to_mailbox')],
            [href('admin', 'widget'), t('guide.to_widget')],
          ]}
        />
      );
    case 'team':
      return (
        <Links
          to={[
            [href('admin', 'departments'), t('guide.to_hours')],
            [href('admin', 'queues'), t('guide.to_queues')],
            [href('admin', 'skills'), t('guide.to_skills')],
          ]}
        />
      );
    case 'test':
      return <TestMessage {...props} />;
    default:
      return <Links to={[[href('admin', 'people'), t('guide.to_people')]]} />;
  }
}

function Steps({ guide, reload }: { guide: GuideState; reload: () => Promise<unknown> }) {
  const { t } = useTranslation();
  const { client } = useWorkspace();
  const { run } = useAct();
  const first = guide.steps.find((one) => one.state === 'todo')?.id ?? 'test';
  const [chosen, setChosen] = useState<StepName>();
  const current = chosen ?? first;
  const step = guide.steps.find((one) => one.id === current);
  const next = (): void => {
    const at = guide.steps.findIndex((one) => one.id === current);
    setChosen(guide.steps.slice(at + 1).find((one) => one.state === 'todo')?.id);
  };
  const note = (state: 'done' | 'skipped' | 'todo'): void =>
    void run(async () => {
      await client.patch('/v1/guide', { body: { step: current, state } });
      await reload();
      if (state !== 'todo') next();
    });
  const byHand = current !== 'company' && current !== 'data';
  return (
    <div className="guide">
      <ol className="plain-list guide-steps">
        {guide.steps.map((one, at) => (
          <li key={one.id}>
            <button
              type="button"
              className={`guide-step guide-${one.state}`}
              aria-current={one.id === current ? 'step' : undefined}
              onClick={() => setChosen(one.id)}
            >
              <span className="guide-mark figures">
                {one.state === 'done' ? <Icon name="check" size={15} /> : at + 1}
              </span>
              <span className="grow">{t(`guide.step.${one.id}`)}</span>
              {one.state !== 'todo' && (
                <span className="tiny soft">{t(`guide.state.${one.state}`)}</span>
              )}
            </button>
          </li>
        ))}
      </ol>
      <section className="card form-card stack" aria-label={t(`guide.step.${current}`)}>
        <div>
          <h2>{t(`guide.step.${current}`)}</h2>
          <p className="soft">{t(`guide.about.${current}`)}</p>
        </div>
        {contents(current, { guide, go: note, reload }, t)}
        {step?.state === 'todo' && (
          <footer className="row wrap guide-foot">
            <Button look="quiet" onClick={() => note('skipped')}>
              {t('guide.skip')}
            </Button>
            {byHand && <Button onClick={() => note('done')}>{t('guide.next')}</Button>}
          </footer>
        )}
      </section>
    </div>
  );
}

export function Guide() {
  const { t } = useTranslation();
  const { client } = useWorkspace();
  const queries = useQueryClient();
  const { departments } = useSetup();
  const query = useQuery({
    queryKey: ['admin', 'guide', departments.length],
    queryFn: () => client.get<GuideState>('/v1/guide'),
    placeholderData: (before) => before,
    // While a test is under way its stages are looked at as they happen.
    refetchInterval: ({ state }) => (state.data?.test && !state.data.test.answered ? 1_000 : false),
  });
  const guide = query.data;
  const done = guide?.steps.filter((one) => one.state !== 'todo').length ?? 0;
  return (
    <section aria-label={t('admin.guide')} className="stack">
      <header className="admin-head">
        <h1>{t('admin.guide')}</h1>
        <p className="soft">
          {t('guide.hint')} {guide && t('guide.progress', { done, all: guide.steps.length })}
        </p>
      </header>
      <Async
        loading={query.isLoading}
        error={asError(query.error)}
        retry={() => void query.refetch()}
      >
        {guide && (
          <Steps guide={guide} reload={() => queries.invalidateQueries({ queryKey: ['admin'] })} />
        )}
      </Async>
    </section>
  );
}
