// The agents of the departments somebody leads: who is there, what each does, and ways to step in.

import { Suspense, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { ConsoleAgent } from '@api/console';
import { late } from '@i18n/late';
import { Async } from '@ui/Async';
import { Button } from '@ui/Button';
import { Dialog } from '@ui/Dialog';
import { asError, useAct } from '@agent/data/act';
import { useCell, useNow, useSetup, useWorkspace } from '@agent/data/hooks';
import { go, href } from '@agent/data/router';
import { useStatuses } from '@agent/parts/statuses';
import { AssignDialog, StatusDialog, WhisperDialog } from './AgentDialogs';
import { AgentRow, type Wish } from './AgentRow';
import { useAgents } from './useConsole';

const WhyOf = late('dialogs', async () => (await import('@agent/parts/WhyDialog')).WhyOf);
const TakeOverDialog = late(
  'dialogs',
  async () => (await import('@agent/parts/TakeOverDialog')).TakeOverDialog,
);
/** In this order; whoever is in a status of the house stands with the busy ones. */
const ORDER = ['not_responding', 'reconnecting', 'online', 'busy', 'wrap_up', 'break', 'offline'];

const place = (agent: ConsoleAgent): number => {
  const at = ORDER.indexOf(agent.presence?.status ?? 'offline');
  return at === -1 ? ORDER.indexOf('busy') : at;
};

interface OpenProps {
  wish: Wish;
  agents: readonly ConsoleAgent[];
  onClose: () => void;
}

/** The dialog of what was wished. */
function Open({ wish, agents, onClose }: OpenProps) {
  const { t } = useTranslation();
  if (wish.what === 'status') return <StatusDialog agent={wish.agent} onClose={onClose} />;
  const caseId = wish.work.case_id ?? '';
  switch (wish.what) {
    case 'whisper':
      return <WhisperDialog caseId={caseId} to={wish.agent.id} onClose={onClose} />;
    case 'take_over':
      return <TakeOverDialog caseId={caseId} from={wish.agent.name} onClose={onClose} />;
    case 'assign':
      return (
        <AssignDialog item={wish.work.id} from={wish.agent.id} agents={agents} onClose={onClose} />
      );
    case 'why':
      return (
        <Dialog
          wide
          title={wish.work.title || t('action.why')}
          onClose={onClose}
          actions={<Button onClick={onClose}>{t('ui.close')}</Button>}
        >
          <h3>{wish.agent.name}</h3>
          <WhyOf id={wish.work.id} version={0} />
        </Dialog>
      );
    default:
      return null;
  }
}

export function Agents({ department }: { department: string }) {
  const { t } = useTranslation();
  const { client, stale } = useWorkspace();
  const { me } = useSetup();
  const query = useAgents(department);
  const now = useNow(1_000);
  const old = useCell(stale);
  const { name } = useStatuses();
  const { run } = useAct();
  const [wish, setWish] = useState<Wish>();
  const [status, setStatus] = useState('');
  const agents = query.data ?? [];
  const shown = agents
    .filter((one) => !status || (one.presence?.status ?? 'offline') === status)
    .sort((a, b) => place(a) - place(b));
  const counts = new Map<string, number>();
  for (const one of agents) {
    const key = one.presence?.status ?? 'offline';
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  const hear = (wanted: Wish): void => {
    if (wanted.what === 'open') go(href('case', wanted.work.case_id ?? ''));
    else if (wanted.what === 'listen') go(href('case', wanted.work.case_id ?? '', { listen: '1' }));
    else if (wanted.what === 'return')
      void run(() => client.post(`/v1/work_items/${wanted.work.id}/return`), t('console.returned'));
    else setWish(wanted);
  };
  return (
    <Async
      loading={query.isLoading}
      error={query.data ? null : asError(query.error)}
      retry={() => void query.refetch()}
      stale={old}
      empty={agents.length === 0}
      nothing={{ title: t('console.no_agents'), icon: 'users' }}
    >
      <div className="row wrap console-counts" role="group" aria-label={t('console.by_status')}>
        {[...counts].map(([key, n]) => (
          <button
            key={key}
            type="button"
            className="chip chip-plain chip-button"
            aria-pressed={status === key}
            onClick={() => setStatus(status === key ? '' : key)}
          >
            {name(key)} {n}
          </button>
        ))}
      </div>
      <ul className="console-list console-agents" aria-label={t('console.tab.agents')}>
        {shown.map((agent) => (
          <AgentRow key={agent.id} agent={agent} now={now} me={me.id} onWish={hear} />
        ))}
      </ul>
      <Suspense fallback={null}>
        {wish && <Open wish={wish} agents={agents} onClose={() => setWish(undefined)} />}
      </Suspense>
    </Async>
  );
}
