// What stands between a Case and its end: my work that was interrupted, an outcome nobody has told.

import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { WorkItem } from '@api/types';
import { clockTime } from '@i18n/format';
import { Button } from '@ui/Button';
import { Select } from '@ui/Field';
import { Banner } from '@ui/Small';
import { useAct } from '@agent/data/act';
import { useLanguage, useNow, useWorkspace } from '@agent/data/hooks';
import { useOutcomes } from '@agent/parts/outcomes';

function useCalls(item: WorkItem) {
  const { client, store } = useWorkspace();
  const { busy, run } = useAct();
  const path = `/v1/work_items/${item.id}`;
  const take = async (call: Promise<{ work_item: WorkItem }>): Promise<void> =>
    void store.put('work_item', (await call).work_item);
  return { busy, run, take, path, client };
}

export function Interrupted({ item }: { item: WorkItem }) {
  const { t } = useTranslation();
  const language = useLanguage();
  const now = useNow(10_000);
  const { busy, run, take, path, client } = useCalls(item);
  const asked = item.ask_back_at ? Date.parse(item.ask_back_at) <= now : false;
  const since = item.suspended_at ?? item.state_since;
  return (
    <Banner
      live
      tone="warn"
      icon="pause"
      action={
        <span className="row">
          <Button
            small
            look={asked ? 'primary' : undefined}
            busy={busy}
            onClick={() =>
              void run(() => take(client.post(`${path}/return`)), t('work.given_back'))
            }
          >
            {t('work.give_back')}
          </Button>
          <Button
            small
            busy={busy}
            onClick={() => void run(() => take(client.post(`${path}/resume`)), t('work.resumed'))}
          >
            {t('work.resume')}
          </Button>
        </span>
      }
    >
      {t(asked ? 'work.interrupted_ask' : 'work.interrupted', {
        time: clockTime(language, Date.parse(since)),
      })}
    </Banner>
  );
}

export function Outcome({ item }: { item: WorkItem }) {
  const { t } = useTranslation();
  const outcomes = useOutcomes();
  const { busy, run, take, path, client } = useCalls(item);
  const [code, setCode] = useState('');
  const body = { disposition: code };
  return (
    <Banner
      tone="warn"
      action={
        <span className="row wrap outcome-missing">
          <Select
            label={t('word.disposition')}
            value={code}
            onChange={setCode}
            options={outcomes}
          />
          <Button
            small
            look="primary"
            busy={busy}
            disabled={!code}
            onClick={() =>
              void run(() => take(client.put(`${path}/disposition`, { body })), t('ui.saved'))
            }
          >
            {t('ui.save')}
          </Button>
        </span>
      }
    >
      {t('work.outcome_missing')}
    </Banner>
  );
}
