// The sixth step: a message to oneself, whose stages tick when they really happen.

import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { clockTime } from '@i18n/format';
import { Button } from '@ui/Button';
import { TextArea } from '@ui/Field';
import { Icon } from '@ui/Icon';
import { Banner } from '@ui/Small';
import { useAct } from '@agent/data/act';
import { useLanguage, useWorkspace } from '@agent/data/hooks';
import { href } from '@agent/data/router';
import type { GuideState, StepProps } from './guideModel';

function Stages({ test }: { test: NonNullable<GuideState['test']> }) {
  const { t } = useTranslation();
  const language = useLanguage();
  return (
    <ol className="plain-list stages" aria-live="polite">
      {test.stages.map((one) => (
        <li key={one.id} className={one.at ? 'stage stage-done' : 'stage'}>
          <span className="stage-mark">
            <Icon name={one.at ? 'check' : 'more'} size={16} />
          </span>
          <span className="grow">
            {t(`guide.stage.${one.id}`, { queue: test.queue ?? '…', agent: test.agent ?? '…' })}
          </span>
          <span className="tiny soft figures">
            {one.at ? clockTime(language, Date.parse(one.at)) : t('guide.stage_waits')}
          </span>
        </li>
      ))}
    </ol>
  );
}

export function TestMessage({ guide, reload }: StepProps) {
  const { t } = useTranslation();
  const { client } = useWorkspace();
  const { busy, run } = useAct();
  const [text, setText] = useState(t('guide.test_text'));
  const send = (): void =>
    void run(async () => {
      await client.post('/v1/guide/test', { body: { text } });
      await reload();
    });
  const waits = guide.test && guide.test.stages.find((one) => one.at === null)?.id;
  return (
    <div className="stack">
      <TextArea
        label={t('guide.test_says')}
        rows={2}
        value={text}
        onChange={(event) => setText(event.target.value)}
      />
      <div className="row wrap">
        <Button look="primary" icon="send" busy={busy} disabled={!text.trim()} onClick={send}>
          {t(guide.test ? 'guide.test_again' : 'guide.test_send')}
        </Button>
        {guide.test?.case_id && (
          <a className="button button-plain" href={href('case', guide.test.case_id)}>
            {t('guide.test_open')}
          </a>
        )}
      </div>
      {guide.test && <Stages test={guide.test} />}
      {waits === 'offered' && (
        <Banner tone="note" icon="user">
          {t('guide.test_online')}
        </Banner>
      )}
      {waits === 'answered' && (
        <Banner tone="note" icon="user">
          {t('guide.test_answer')}
        </Banner>
      )}
      {guide.test?.answered && (
        <Banner tone="good" icon="check">
          {t('guide.test_good')}
        </Banner>
      )}
    </div>
  );
}
