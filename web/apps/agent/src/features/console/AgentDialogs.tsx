// What somebody who leads does with an agent and his work: another status, somebody else, a word.

import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { ConsoleAgent } from '@api/console';
import type { Presence } from '@api/types';
import { Confirm } from '@ui/Confirm';
import { Dialog } from '@ui/Dialog';
import { Select, TextArea, TextField } from '@ui/Field';
import { useAct } from '@agent/data/act';
import { useSetup, useWorkspace } from '@agent/data/hooks';
import { useStatuses } from '@agent/parts/statuses';

interface StatusProps {
  agent: ConsoleAgent;
  onClose: () => void;
}

export function StatusDialog({ agent, onClose }: StatusProps) {
  const { t } = useTranslation();
  const { client, store } = useWorkspace();
  const { choices, name } = useStatuses();
  const { busy, run } = useAct();
  const now = agent.presence?.status ?? 'offline';
  const others = choices.filter((one) => one.key !== now);
  const [status, setStatus] = useState(others[0]?.key ?? 'offline');
  const [reason, setReason] = useState('');
  const ready = reason.trim() !== '';
  const change = async (): Promise<void> => {
    const good = await run(
      async () => {
        const body = { status, reason: reason.trim() };
        const path = `/v1/agents/${agent.id}/presence`;
        const answer = await client.put<{ presence: Presence }>(path, { body });
        store.put('presence', answer.presence);
      },
      t('console.status_done', { name: agent.name, status: name(status) }),
    );
    if (good) onClose();
  };
  return (
    <Dialog
      title={t('console.status_title', { name: agent.name })}
      onClose={onClose}
      actions={
        <Confirm
          onClose={onClose}
          icon="check"
          busy={busy}
          disabled={!ready}
          onClick={() => void change()}
        >
          {t('console.status_set')}
        </Confirm>
      }
    >
      <p className="soft">{t('console.status_hint', { status: name(now) })}</p>
      <Select
        label={t('console.status')}
        value={status}
        onChange={setStatus}
        options={others.map((one) => ({ value: one.key, label: name(one.key) }))}
      />
      <TextField
        label={t('console.reason')}
        hint={t('console.reason_hint')}
        value={reason}
        maxLength={200}
        onChange={(event) => setReason(event.target.value)}
        onKeyDown={(event) => event.key === 'Enter' && ready && !busy && void change()}
      />
    </Dialog>
  );
}

interface AssignProps {
  item: string;
  /** Who has it now. */
  from?: string;
  agents: readonly ConsoleAgent[];
  onClose: () => void;
}

export function AssignDialog({ item, from, agents, onClose }: AssignProps) {
  const { t } = useTranslation();
  const { client } = useWorkspace();
  const { busy, run } = useAct();
  const { name } = useStatuses();
  const others = agents.filter((one) => one.id !== from);
  const [person, setPerson] = useState(others[0]?.id ?? '');
  const [reason, setReason] = useState('');
  const ready = person !== '';
  const give = async (): Promise<void> => {
    const body = { agent_id: person, reason: reason.trim() };
    const path = `/v1/work_items/${item}/assign`;
    const good = await run(() => client.post(path, { body }), t('console.assigned'));
    if (good) onClose();
  };
  return (
    <Dialog
      title={t('console.assign_title')}
      onClose={onClose}
      actions={
        <Confirm
          onClose={onClose}
          icon="user"
          busy={busy}
          disabled={!ready}
          onClick={() => void give()}
        >
          {t('console.assign')}
        </Confirm>
      }
    >
      <Select
        label={t('word.agent')}
        value={person}
        onChange={setPerson}
        options={others.map((one) => ({
          value: one.id,
          label: `${one.name} · ${name(one.presence?.status ?? 'offline')}`,
        }))}
      />
      <TextField
        label={t('console.reason')}
        hint={t('console.over_hint')}
        value={reason}
        maxLength={500}
        onChange={(event) => setReason(event.target.value)}
      />
    </Dialog>
  );
}

interface WhisperProps {
  caseId: string;
  to: string;
  onClose: () => void;
}

export function WhisperDialog({ caseId, to, onClose }: WhisperProps) {
  const { t } = useTranslation();
  const { client } = useWorkspace();
  const { colleagues } = useSetup();
  const { busy, run } = useAct();
  const [text, setText] = useState('');
  const who = colleagues.find((one) => one.id === to)?.name ?? '';
  const say = async (): Promise<void> => {
    const body = { text, whisper_to: to };
    const headers = { 'Idempotency-Key': crypto.randomUUID() };
    const path = `/v1/cases/${caseId}/notes`;
    const good = await run(() => client.post(path, { body, headers }), t('console.whispered'));
    if (good) onClose();
  };
  return (
    <Dialog
      title={t('console.whisper_title', { name: who })}
      onClose={onClose}
      actions={
        <Confirm
          onClose={onClose}
          icon="send"
          busy={busy}
          disabled={!text.trim()}
          onClick={() => void say()}
        >
          {t('console.whisper_send')}
        </Confirm>
      }
    >
      <p className="soft">{t('console.whisper_hint')}</p>
      <TextArea
        label={t('console.whisper_text')}
        value={text}
        onChange={(event) => setText(event.target.value)}
      />
    </Dialog>
  );
}
