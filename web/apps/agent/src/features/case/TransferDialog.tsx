// Handing a WorkItem on: to a queue or to a person, with a word about why.

import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Case, WorkItem } from '@api/types';
import { Confirm } from '@ui/Confirm';
import { Dialog } from '@ui/Dialog';
import { Check, Select, TextArea } from '@ui/Field';
import { Tabs } from '@ui/Small';
import { useNames, useSetup, useWorkspace } from '@agent/data/hooks';
import { useStatuses } from '@agent/parts/statuses';
import { useHand } from './useHand';

interface TransferProps {
  found: Case;
  item: WorkItem;
  onClose: () => void;
}

export function TransferDialog({ found, item, onClose }: TransferProps) {
  const { t } = useTranslation();
  const { store, me } = useWorkspace();
  const { queues, colleagues } = useSetup();
  const names = useNames();
  const hand = useHand(item);
  const { name: status } = useStatuses();
  const [to, setTo] = useState<'queue' | 'person'>('queue');
  const people = colleagues.filter((one) => one.id !== me.id);
  const others = queues.filter((queue) => queue.id !== item.queue_id);
  const [queue, setQueue] = useState(others[0]?.id ?? '');
  const [person, setPerson] = useState(people[0]?.id ?? '');
  const [note, setNote] = useState('');
  const [alone, setAlone] = useState(false);
  const target =
    to === 'queue' ? { queue_id: queue } : { agent_id: person, require: alone || undefined };
  const transfer = async (): Promise<void> => {
    const good = await hand.transfer({ ...target, note: note || undefined });
    if (good) onClose();
  };
  return (
    <Dialog
      title={t('transfer.title')}
      onClose={onClose}
      actions={
        <Confirm
          onClose={onClose}
          icon="send"
          busy={hand.busy}
          disabled={to === 'queue' ? !queue : !person}
          onClick={() => void transfer()}
        >
          {t('action.transfer')}
        </Confirm>
      }
    >
      <p className="soft cut">{found.title}</p>
      <Tabs
        label={t('transfer.title')}
        value={to}
        onChange={(id) => setTo(id === 'person' ? 'person' : 'queue')}
        tabs={[
          { id: 'queue', label: t('transfer.to_queue') },
          { id: 'person', label: t('transfer.to_person') },
        ]}
      />
      {to === 'queue' ? (
        <Select
          label={t('word.queue')}
          value={queue}
          onChange={setQueue}
          options={others.map((one) => ({
            value: one.id,
            label: `${one.name} · ${names.department(one.department_id)}`,
          }))}
        />
      ) : (
        <>
          <Select
            label={t('word.agent')}
            value={person}
            onChange={setPerson}
            options={people.map((one) => ({
              value: one.id,
              label: `${one.name} · ${status(store.get('presence', one.id)?.status ?? one.status)}`,
            }))}
          />
          <Check label={t('transfer.require')} checked={alone} onChange={setAlone} />
        </>
      )}
      <TextArea
        label={t('transfer.note')}
        hint={t('transfer.note_hint')}
        value={note}
        onChange={(event) => setNote(event.target.value)}
      />
    </Dialog>
  );
}
