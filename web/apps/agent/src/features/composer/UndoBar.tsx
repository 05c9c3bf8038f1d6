// The seconds before a reply leaves: a countdown, Undo, and Send now.

import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import type { Message } from '@api/types';
import { Button } from '@ui/Button';
import { Icon } from '@ui/Icon';
import { useAct } from '@agent/data/act';
import { useNow, useRows, useWorkspace } from '@agent/data/hooks';
import { useCommand } from '@agent/parts/commands';

interface UndoBarProps {
  caseId: string;
  onUndone: (message: Message) => void;
}

/** The last reply of mine that waits for its seconds to pass; it counts only while there is one. */
export function UndoBar({ caseId, onUndone }: UndoBarProps) {
  const workspace = useWorkspace();
  const messages = useRows('message', caseId);
  const held = useMemo(
    () =>
      messages.filter(
        (row) =>
          row.delivery?.state === 'held' &&
          row.delivery.why === 'undo' &&
          row.author.id === workspace.me.id,
      ),
    [messages, workspace.me.id],
  );
  const message = held[held.length - 1];
  return message ? <Counting key={message.id} message={message} onUndone={onUndone} /> : null;
}

function Counting({ message, onUndone }: { message: Message } & Pick<UndoBarProps, 'onUndone'>) {
  const { t } = useTranslation();
  const workspace = useWorkspace();
  const now = useNow(250);
  const { busy, run } = useAct();
  const left = Math.ceil((Date.parse(message.delivery?.not_before ?? '') - now) / 1000);
  const call = (verb: 'cancel' | 'release'): void =>
    void run(async () => {
      const path = `/v1/deliveries/${message.delivery?.id}/${verb}`;
      const answer = await workspace.client.post<{ message?: Message }>(path);
      if (answer?.message) workspace.takeMessages([answer.message]);
      if (verb === 'cancel') onUndone(message);
    });
  const active = left > 0;
  useCommand('undo_send', () => call('cancel'), { when: active });
  if (!active) return null;
  return (
    <div className="undo-bar" role="status">
      <Icon name="clock" size={16} />
      <span className="grow figures">{t('undo.leaves_in', { count: left })}</span>
      <Button small look="quiet" busy={busy} onClick={() => call('release')}>
        {t('undo.now')}
      </Button>
      <Button small icon="undo" busy={busy} onClick={() => call('cancel')}>
        {t('undo.undo')}
      </Button>
    </div>
  );
}
