// Sending a Message, or the whole Case, on to somebody outside: a letter of its own.

import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Case, Message } from '@api/types';
import { Confirm } from '@ui/Confirm';
import { Dialog } from '@ui/Dialog';
import { Switch, TextArea, TextField } from '@ui/Field';
import { Tabs } from '@ui/Small';
import { useAct } from '@agent/data/act';
import { useRows, useWorkspace } from '@agent/data/hooks';

interface ForwardProps {
  found: Case;
  /** The Message whose menu was used; else the newest of the customer. */
  message?: Message;
  onClose: () => void;
}

export function ForwardDialog({ found, message, onClose }: ForwardProps) {
  const { t } = useTranslation();
  const workspace = useWorkspace();
  const newest = useRows('message', found.id).findLast((row) => row.kind === 'in');
  const one = message ?? newest;
  const { busy, run } = useAct();
  const [what, setWhat] = useState<'one' | 'all'>(one ? 'one' : 'all');
  const [to, setTo] = useState('');
  const [text, setText] = useState('');
  const [files, setFiles] = useState(true);
  const [cid] = useState(() => crypto.randomUUID());
  const send = async (): Promise<void> => {
    const good = await run(async () => {
      const answer = await workspace.client.post<{ message: Message }>(
        `/v1/cases/${found.id}/forward`,
        {
          body: {
            to: to.split(/[\s,;]+/).filter(Boolean),
            text,
            message_id: what === 'one' ? one?.id : null,
            files,
          },
          headers: { 'Idempotency-Key': cid },
        },
      );
      workspace.takeMessages([answer.message]);
      const delivery = answer.message.delivery;
      if (!delivery) return;
      workspace.undos.offer(t('forward.done'), async () => {
        const back = await workspace.client.post<{ message: Message }>(
          `/v1/deliveries/${delivery.id}/cancel`,
        );
        workspace.takeMessages([back.message]);
      });
    });
    if (good) onClose();
  };
  return (
    <Dialog
      title={t('forward.title')}
      onClose={onClose}
      actions={
        <Confirm
          onClose={onClose}
          icon="out"
          busy={busy}
          disabled={!to.trim()}
          onClick={() => void send()}
        >
          {t('forward.send')}
        </Confirm>
      }
    >
      <TextField
        data-first
        type="text"
        inputMode="email"
        autoComplete="off"
        label={t('forward.to')}
        hint={t('forward.to_hint')}
        value={to}
        onChange={(event) => setTo(event.target.value)}
      />
      {one && (
        <Tabs
          label={t('forward.what')}
          value={what}
          onChange={(id) => setWhat(id === 'all' ? 'all' : 'one')}
          tabs={[
            { id: 'one', label: t('forward.one') },
            { id: 'all', label: t('forward.all') },
          ]}
        />
      )}
      {what === 'one' && one && (
        <blockquote className="forward-quote small soft">{one.text.slice(0, 300)}</blockquote>
      )}
      <TextArea
        label={t('forward.words')}
        value={text}
        onChange={(event) => setText(event.target.value)}
      />
      <Switch label={t('forward.files')} checked={files} onChange={setFiles} />
      <p className="tiny soft">{t('forward.hint')}</p>
    </Dialog>
  );
}
