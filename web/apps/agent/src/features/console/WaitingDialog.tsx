// What waits in a Queue, longest first; each with why it still waits, and the ways to help.

import { Suspense, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Waits } from '@api/console';
import { late } from '@i18n/late';
import { Async } from '@ui/Async';
import { Button } from '@ui/Button';
import { Dialog } from '@ui/Dialog';
import { Chip } from '@ui/Small';
import { asError } from '@agent/data/act';
import { useNames } from '@agent/data/hooks';
import { href } from '@agent/data/router';
import { Ago, ChannelMark, TierMark } from '@agent/parts/Marks';
import { useWaiting } from './useConsole';

const WhyOf = late('dialogs', async () => (await import('@agent/parts/WhyDialog')).WhyOf);

function One({ one, onAssign }: { one: Waits; onAssign: () => void }) {
  const { t } = useTranslation();
  const names = useNames();
  const [why, setWhy] = useState(false);
  return (
    <li className="console-waits">
      <div className="row">
        <ChannelMark kind={one.channel_kind} />
        <h3 className="grow cut console-title">
          <a href={href('case', one.case_id)}>{one.title || one.reference}</a>
        </h3>
        <TierMark tier={one.tier as Parameters<typeof TierMark>[0]['tier']} />
        <span className="small soft console-since">
          <Ago at={one.waiting_since} />
        </span>
      </div>
      <div className="row wrap small soft">
        <span className="grow cut">
          {one.customer} · {one.reference}
        </span>
        {one.state === 'offered' && (
          <Chip tone="accent">{t('console.offered_to', { name: names.person(one.agent_id) })}</Chip>
        )}
        <Button small icon="question" aria-expanded={why} onClick={() => setWhy(!why)}>
          {t('console.why_waits')}
        </Button>
        <Button small icon="user" onClick={onAssign}>
          {t('console.assign')}
        </Button>
      </div>
      {why && (
        <Suspense fallback={null}>
          <WhyOf id={one.id} version={0} />
        </Suspense>
      )}
    </li>
  );
}

interface WaitingProps {
  queue: string;
  channel: string;
  onAssign: (item: string) => void;
  onClose: () => void;
}

export function WaitingDialog({ queue, channel, onAssign, onClose }: WaitingProps) {
  const { t } = useTranslation();
  const names = useNames();
  const query = useWaiting(queue, channel);
  const items = query.data?.items ?? [];
  const title = [names.queue(queue), channel && t(`channel.${channel}`)]
    .filter(Boolean)
    .join(' · ');
  return (
    <Dialog
      wide
      title={title}
      onClose={onClose}
      actions={<Button onClick={onClose}>{t('ui.close')}</Button>}
    >
      <Async
        loading={query.isLoading}
        error={query.data ? null : asError(query.error)}
        retry={() => void query.refetch()}
        empty={items.length === 0}
        nothing={{ title: t('console.nothing_waits'), icon: 'check' }}
      >
        <p className="small soft">{t('console.waits', { count: query.data?.total ?? 0 })}</p>
        <ul className="console-list">
          {items.map((one) => (
            <One key={one.id} one={one} onAssign={() => onAssign(one.id)} />
          ))}
        </ul>
      </Async>
    </Dialog>
  );
}
