// Small choices about a Case: how urgent it is, and to whom its work is given.

import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Case, Priority, WorkItem } from '@api/types';
import { Confirm } from '@ui/Confirm';
import { Dialog } from '@ui/Dialog';
import { Select, TextField } from '@ui/Field';
import { Icon } from '@ui/Icon';
import { useSetup, useWorkspace } from '@agent/data/hooks';
import { useHand } from './useHand';
import { useMoves } from './useMoves';

const PRIORITIES: Priority[] = ['critical', 'high', 'normal', 'low'];

export function PriorityDialog({ found, onClose }: { found: Case; onClose: () => void }) {
  const { t } = useTranslation();
  const moves = useMoves(found);
  const choose = async (priority: Priority): Promise<void> => {
    if (priority === found.priority || (await moves.priority(priority))) onClose();
  };
  return (
    <Dialog title={t('case.priority')} onClose={onClose}>
      <div className="stack">
        {PRIORITIES.map((priority) => (
          <button
            key={priority}
            type="button"
            className="pick-row row"
            aria-pressed={found.priority === priority}
            data-first={found.priority === priority || undefined}
            onClick={() => void choose(priority)}
          >
            <span className="grow">{t(`case.priority.${priority}`)}</span>
            {found.priority === priority && <Icon name="check" size={16} />}
          </button>
        ))}
      </div>
    </Dialog>
  );
}

/** Supervisors give work over anybody's head; others offer it to the person. */
export function AssignDialog({
  item,
  lead,
  onClose,
}: {
  item: WorkItem;
  lead: boolean;
  onClose: () => void;
}) {
  const { t } = useTranslation();
  const { me } = useWorkspace();
  const { colleagues } = useSetup();
  const hand = useHand(item);
  const people = [me, ...colleagues.filter((one) => one.id !== me.id)];
  const [person, setPerson] = useState(item.agent_id ?? me.id);
  const [reason, setReason] = useState('');
  const give = async (): Promise<void> => {
    const good = await (lead
      ? hand.assign(person, reason.trim() || undefined)
      : person === me.id
        ? hand.claim()
        : hand.transfer({ agent_id: person }));
    if (good) onClose();
  };
  return (
    <Dialog
      title={t('assign.title')}
      onClose={onClose}
      actions={
        <Confirm onClose={onClose} icon="user" busy={hand.busy} onClick={() => void give()}>
          {t('assign.confirm')}
        </Confirm>
      }
    >
      <p className="soft">{t(lead ? 'assign.hint_lead' : 'assign.hint')}</p>
      <Select
        label={t('word.agent')}
        value={person}
        onChange={setPerson}
        options={people.map((one) => ({
          value: one.id,
          label: one.id === me.id ? t('assign.me', { name: one.name }) : one.name,
        }))}
      />
      {lead && (
        <TextField
          label={t('assign.reason')}
          hint={t('assign.reason_hint')}
          maxLength={500}
          value={reason}
          onChange={(event) => setReason(event.target.value)}
        />
      )}
    </Dialog>
  );
}
