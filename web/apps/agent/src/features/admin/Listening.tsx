// Whether agents are told when somebody who leads reads along with them.

import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { Async } from '@ui/Async';
import { Switch } from '@ui/Field';
import { asError, useAct } from '@agent/data/act';
import { useWorkspace } from '@agent/data/hooks';

interface Rule {
  tell: boolean;
  version: number;
}

const KEY = ['routing', 'listening'];
const PATH = '/v1/routing/listening';

export function Listening() {
  const { t } = useTranslation();
  const { client } = useWorkspace();
  const queries = useQueryClient();
  const { busy, run } = useAct();
  const rule = useQuery({ queryKey: KEY, queryFn: () => client.get<Rule>(PATH) });
  const change = (tell: boolean): void =>
    void run(async () => {
      const headers = { 'If-Match': `"${rule.data?.version ?? 0}"` };
      queries.setQueryData(KEY, await client.put<Rule>(PATH, { body: { tell }, headers }));
    }, t('ui.saved'));
  return (
    <section className="card admin-card admin-pad stack" aria-label={t('listening.title')}>
      <h2>{t('listening.title')}</h2>
      <Async
        loading={rule.isLoading}
        error={rule.data ? null : asError(rule.error)}
        retry={() => void rule.refetch()}
      >
        <Switch
          label={t('listening.tell')}
          hint={t('listening.hint')}
          checked={rule.data?.tell ?? true}
          disabled={busy}
          onChange={change}
        />
      </Async>
    </section>
  );
}
