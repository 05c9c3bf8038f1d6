// The console of those who lead: queues, agents and alerts of their departments, and the ways to step in.

import { useState, type ComponentType } from 'react';
import { useTranslation } from 'react-i18next';
import { Async } from '@ui/Async';
import { Icon } from '@ui/Icon';
import { Tabs } from '@ui/Small';
import { useSetup } from '@agent/data/hooks';
import { go, href } from '@agent/data/router';
import { Overlook } from '@agent/parts/board/Overlook';
import { CHANNELS, UNWRITTEN } from '@agent/parts/channels';
import { may } from '@agent/parts/rights';
import { AssignDialog } from './AgentDialogs';
import { Agents } from './Agents';
import { Alerts } from './Alerts';
import { Matrix } from './Matrix';
import { useAgents, useAlerts } from './useConsole';
import { WaitingDialog } from './WaitingDialog';
import './console.css';

/** What the levers give the console: the panel of their tab, and the dialog for a Queue. */
export interface LeversSlot {
  Panel: ComponentType<{ departments: readonly string[] }>;
  Dialog: ComponentType<{ queue?: string; channel?: string; onClose: () => void }>;
}

interface Choice {
  queue: string;
  channel: string;
}

function Pick({
  label,
  value,
  options,
  onChange,
}: {
  label: string;
  value: string;
  options: readonly { value: string; label: string }[];
  onChange: (value: string) => void;
}) {
  return (
    <span className="customer-choice">
      <select aria-label={label} value={value} onChange={(event) => onChange(event.target.value)}>
        {options.map((one) => (
          <option key={one.value} value={one.value}>
            {one.label}
          </option>
        ))}
      </select>
      <Icon name="down" size={12} />
    </span>
  );
}

/** Work that waits is given to an agent of the department. */
function Give({
  item,
  department,
  onClose,
}: {
  item: string;
  department: string;
  onClose: () => void;
}) {
  const agents = useAgents(department);
  return agents.data ? <AssignDialog item={item} agents={agents.data} onClose={onClose} /> : null;
}

interface QueuesProps {
  departments: readonly string[];
  department: string;
  channel: string;
  levers: LeversSlot | undefined;
}

function Queues({ departments, department, channel, levers }: QueuesProps) {
  const { me } = useSetup();
  const [open, setOpen] = useState<Choice>();
  const [pull, setPull] = useState<Choice>();
  const [give, setGive] = useState('');
  const pulls = levers && may(me, 'levers');
  return (
    <>
      <Matrix
        departments={departments}
        channel={channel}
        onOpen={may(me, 'supervise') ? (queue, one) => setOpen({ queue, channel: one }) : undefined}
        onPull={pulls ? (queue, one) => setPull({ queue, channel: one }) : undefined}
      />
      {may(me, 'boards') && <Overlook department={department || null} />}
      {open && !give && (
        <WaitingDialog {...open} onAssign={setGive} onClose={() => setOpen(undefined)} />
      )}
      {give && <Give item={give} department={department} onClose={() => setGive('')} />}
      {pull && levers && <levers.Dialog {...pull} onClose={() => setPull(undefined)} />}
    </>
  );
}

export function Console({ tab, levers }: { tab: string | undefined; levers?: LeversSlot }) {
  const { t } = useTranslation();
  const { me, departments } = useSetup();
  const [department, setDepartment] = useState('');
  const [channel, setChannel] = useState('');
  const alerts = useAlerts('', false);
  const leads = may(me, 'supervise');
  const led = departments.filter((one) =>
    (leads ? me.supervised : me.departments)?.includes(one.id),
  );
  const chosen = department ? [department] : led.map((one) => one.id);
  const [ids] = useKept(chosen);
  const tabs = [
    'queues',
    ...(leads ? ['agents', 'alerts'] : []),
    ...(levers && may(me, 'levers') ? ['levers'] : []),
  ];
  const here = tabs.includes(tab ?? '') ? (tab ?? 'queues') : 'queues';
  const waits = (alerts.data?.items.length ?? 0) + (alerts.data?.flags.length ?? 0);
  if (!leads && !may(me, 'boards'))
    return (
      <Async loading={false} error={{ status: 403, title: '', detail: '', requestId: '' }}>
        {null}
      </Async>
    );
  return (
    <div className="console">
      <header className="console-head">
        <h1>{t('word.console')}</h1>
        <Tabs
          label={t('word.console')}
          value={here}
          controls="console-panel"
          onChange={(id) => go(href('console', id), true)}
          tabs={tabs.map((id) => ({
            id,
            label: t(`console.tab.${id}`),
            ...(id === 'alerts' && waits > 0 && { count: String(waits), alarm: true }),
          }))}
        />
        <span className="grow" />
        {led.length > 1 && (
          <Pick
            label={t('word.department')}
            value={department}
            onChange={setDepartment}
            options={[
              { value: '', label: t('console.all_departments') },
              ...led.map((one) => ({ value: one.id, label: one.name })),
            ]}
          />
        )}
        {here === 'queues' && (
          <Pick
            label={t('console.channel')}
            value={channel}
            onChange={setChannel}
            options={[
              { value: '', label: t('console.all_channels') },
              ...[...CHANNELS, ...UNWRITTEN].map((kind) => ({
                value: kind,
                label: t(`channel.${kind}`),
              })),
            ]}
          />
        )}
      </header>
      <div id="console-panel" role="tabpanel" aria-labelledby={`tab-${here}`}>
        <Async
          loading={false}
          empty={led.length === 0}
          nothing={{ title: t('console.leads_nothing'), icon: 'users' }}
        >
          {here === 'queues' && (
            <Queues departments={ids} department={department} channel={channel} levers={levers} />
          )}
          {here === 'agents' && <Agents department={department} />}
          {here === 'alerts' && <Alerts department={department} />}
          {here === 'levers' && levers && <levers.Panel departments={ids} />}
        </Async>
      </div>
    </div>
  );
}

/** The same array as long as it names the same. */
function useKept(ids: readonly string[]): [readonly string[]] {
  const [kept, setKept] = useState(ids);
  if (kept.join() !== ids.join()) setKept(ids);
  return [kept.join() === ids.join() ? kept : ids];
}
