// Asking for help: one line to the supervisors, advice from a colleague, a word only one hears.

import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Case, Message } from '@api/types';
import { Confirm } from '@ui/Confirm';
import { Dialog } from '@ui/Dialog';
import { Select, TextArea, TextField } from '@ui/Field';
import { useAct } from '@agent/data/act';
import { useSetup, useWorkspace } from '@agent/data/hooks';

interface Props {
  found: Case;
  onClose: () => void;
}

export function HelpDialog({ found, onClose }: Props) {
  const { t } = useTranslation();
  const { client, store } = useWorkspace();
  const { busy, run } = useAct();
  const [text, setText] = useState(found.help?.text ?? '');
  const ask = async (): Promise<void> => {
    const good = await run(
      async () =>
        store.put(
          'case',
          await client.post<Case>(`/v1/cases/${found.id}/help`, { body: { text } }),
        ),
      t('help.raised'),
    );
    if (good) onClose();
  };
  return (
    <Dialog
      title={t('help.title')}
      onClose={onClose}
      actions={
        <Confirm
          onClose={onClose}
          icon="flag"
          busy={busy}
          disabled={!text.trim()}
          onClick={() => void ask()}
        >
          {t('help.raise')}
        </Confirm>
      }
    >
      <p className="soft">{t('help.hint')}</p>
      <TextField
        data-first
        label={t('help.line')}
        value={text}
        maxLength={200}
        onChange={(event) => setText(event.target.value)}
        onKeyDown={(event) => event.key === 'Enter' && text.trim() && void ask()}
      />
    </Dialog>
  );
}

/** A line to one colleague: advice all of us may read, or a whisper. */
export function ColleagueDialog({
  found,
  onClose,
  whisper,
  to,
}: Props & { whisper: boolean; to?: string }) {
  const { t } = useTranslation();
  const workspace = useWorkspace();
  const { colleagues } = useSetup();
  const { busy, run } = useAct();
  const people = colleagues.filter((one) => one.id !== workspace.me.id);
  const [person, setPerson] = useState(to ?? people[0]?.id ?? '');
  const [text, setText] = useState('');
  const kind = whisper ? 'whisper' : 'consult';
  const say = async (): Promise<void> => {
    const good = await run(async () => {
      const answer = await workspace.client.post<{ message: Message }>(
        `/v1/cases/${found.id}/notes`,
        {
          body: { text, [whisper ? 'whisper_to' : 'consult_with']: person },
          headers: { 'Idempotency-Key': crypto.randomUUID() },
        },
      );
      workspace.takeMessages([answer.message]);
    });
    if (good) onClose();
  };
  return (
    <Dialog
      title={t(`${kind}.title`)}
      onClose={onClose}
      actions={
        <Confirm
          onClose={onClose}
          icon="send"
          busy={busy}
          disabled={!text.trim() || !person}
          onClick={() => void say()}
        >
          {t(`${kind}.send`)}
        </Confirm>
      }
    >
      <p className="soft">{t(`${kind}.hint`)}</p>
      <Select
        label={t('consult.who')}
        value={person}
        onChange={setPerson}
        options={people.map((one) => ({ value: one.id, label: one.name }))}
      />
      <TextArea
        label={t('consult.text')}
        value={text}
        onChange={(event) => setText(event.target.value)}
      />
    </Dialog>
  );
}
