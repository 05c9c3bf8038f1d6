// Reading along with whoever works on a Case: nothing is written here, and who does so is on record.

import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Button } from '@ui/Button';
import { Banner } from '@ui/Small';
import { whyRefused } from '@agent/data/act';
import { useLiveWork, useEntity, useNames, useWorkspace } from '@agent/data/hooks';
import { go, href } from '@agent/data/router';
import { ask } from './asked';

export function Listening({ caseId }: { caseId: string }) {
  const { t } = useTranslation();
  const names = useNames();
  const { client, stream } = useWorkspace();
  const found = useEntity('case', caseId);
  const [work] = useLiveWork(found);
  const [told, setTold] = useState<readonly string[]>();
  const [refused, setRefused] = useState('');
  const shown = told && told.length > 0;
  useEffect(() => {
    let here = true;
    client.post<{ told: string[] }>(`/v1/cases/${caseId}/listen`).then(
      (answer) => here && setTold(answer.told),
      (error: unknown) => here && setRefused(whyRefused(error, t)),
    );
    return () => {
      here = false;
    };
  }, [client, caseId, t]);
  useEffect(() => {
    if (!shown) return undefined;
    const say = (): void => stream.say(`case:${caseId}`, 'viewing');
    say();
    const timer = setInterval(say, 3_000);
    return () => clearInterval(timer);
  }, [stream, caseId, shown]);
  const stop = (): void => go(href('case', caseId), true);
  return (
    <div className="listening">
      <Banner
        tone={refused ? 'warn' : 'plain'}
        icon="eye"
        live
        action={
          <span className="row wrap">
            {work?.agent_id && !refused && (
              <Button small icon="lock" onClick={() => ask('whisper')}>
                {t('action.whisper')}
              </Button>
            )}
            {!refused && work && (
              <Button small icon="hand" onClick={() => ask('take_over')}>
                {t('action.take_over')}
              </Button>
            )}
            <Button small onClick={stop}>
              {t('listen.stop')}
            </Button>
          </span>
        }
      >
        {refused ||
          [
            t('listen.on'),
            told &&
              (shown
                ? t('listen.told', { names: told.map(names.person).join(', ') })
                : t('listen.untold')),
          ]
            .filter(Boolean)
            .join(' ')}
      </Banner>
    </div>
  );
}
