// The composer: reply and note with drafts of their own, files, what happens next, send.

import { useEffect, useRef, useState, type ClipboardEvent, type DragEvent } from 'react';
import { useTranslation } from 'react-i18next';
import type { Case, CaseAnswer } from '@api/types';
import type { DraftMode } from '@sync/drafts';
import type { OutItem } from '@sync/outbox';
import { uuid7 } from '@sync/uuid7';
import { written } from '@keys/bindings';
import { Button, IconButton } from '@ui/Button';
import { Icon } from '@ui/Icon';
import { Tabs } from '@ui/Small';
import { useEntity, useWorkspace } from '@agent/data/hooks';
import { useCommand } from '@agent/parts/commands';
import { Guard } from './Guard';
import { Then, type ThenChoice } from './Then';
import { UndoBar } from './UndoBar';
import { UploadRow, useUploads } from './Uploads';
import { useDraft } from './useDraft';

interface ComposerProps {
  answer: CaseAnswer;
  /** A message that came back from the outbox to be edited. */
  returned: OutItem | undefined;
}

/** What the writer had seen when he last touched the text: the collision rule compares with it. */
function useSeen(found: Case | undefined): { touch: () => void; last: () => number } {
  const seen = useRef(found?.last_item ?? 0);
  const id = useRef(found?.id);
  if (id.current !== found?.id) {
    id.current = found?.id;
    seen.current = found?.last_item ?? 0;
  }
  return {
    touch: () => {
      seen.current = found?.last_item ?? seen.current;
    },
    last: () => seen.current,
  };
}

function useTyping(caseId: string, mode: DraftMode): () => void {
  const { stream } = useWorkspace();
  const last = useRef(0);
  return () => {
    const now = Date.now();
    if (now - last.current < 3_000) return;
    last.current = now;
    stream.say(`case:${caseId}`, 'typing', { mode });
  };
}

function useSend(answer: CaseAnswer, mode: DraftMode) {
  const { outbox } = useWorkspace();
  return async (
    text: string,
    files: readonly { id: string }[],
    then: ThenChoice,
    seen: number,
  ): Promise<void> => {
    const cid = uuid7();
    const lane = answer.case.id;
    if (mode === 'note') {
      await outbox.add({
        cid,
        lane,
        kind: 'note',
        path: `/v1/cases/${lane}/notes`,
        body: { text, mentions: [] },
      });
      return;
    }
    await outbox.add({
      cid,
      lane,
      kind: 'reply',
      path: `/v1/interactions/${answer.reply_to?.interaction_id}/messages`,
      body: { text, files: files.map((file) => file.id), expected_last_item: seen, then },
    });
  };
}

const filesOf = (event: ClipboardEvent | DragEvent): File[] => [
  ...('dataTransfer' in event ? event.dataTransfer.files : event.clipboardData.files),
];

export function Composer({ answer, returned }: ComposerProps) {
  const { t } = useTranslation();
  const id = answer.case.id;
  const found = useEntity('case', id);
  const [mode, setMode] = useState<DraftMode>('reply');
  const draft = useDraft(id, mode, answer.as_of);
  const uploads = useUploads(draft);
  const seen = useSeen(found);
  const typing = useTyping(id, mode);
  const send = useSend(answer, mode);
  const chat = answer.reply_to?.channel_kind === 'chat';
  const [then, setThen] = useState<ThenChoice>();
  const [over, setOver] = useState(false);
  const box = useRef<HTMLTextAreaElement>(null);
  const picker = useRef<HTMLInputElement>(null);
  const note = mode === 'note';
  const allowed = note
    ? answer.may.note !== false
    : answer.may.reply !== false && answer.reply_to?.allowed === true && found?.state !== 'merged';
  const { setText } = draft;
  useEffect(() => setThen(undefined), [id]);
  useEffect(() => {
    if (!returned) return;
    setMode(returned.kind);
    setText(String(returned.body.text ?? ''));
    box.current?.focus();
  }, [returned]);
  const focus = (next: DraftMode): void => {
    setMode(next);
    box.current?.focus();
  };
  const ready =
    allowed &&
    uploads.going.length === 0 &&
    (draft.text.trim() !== '' || (!note && draft.files.length > 0));
  const submit = (): void => {
    if (!ready) return;
    const choice = then ?? (chat ? 'open' : 'wait_customer');
    void send(draft.text.trim(), draft.files, choice, seen.last());
    draft.clear();
    setThen(undefined);
  };
  useCommand('reply', () => focus('reply'));
  useCommand('note', () => focus('note'));
  useCommand('send', submit);
  return (
    <div
      className={`composer ${note ? 'composer-note' : ''} ${over ? 'composer-over' : ''}`}
      onDragOver={(event) => {
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={(event) => {
        event.preventDefault();
        setOver(false);
        if (!note) uploads.add(filesOf(event));
      }}
    >
      <UndoBar
        caseId={id}
        onUndone={(message) => {
          setMode('reply');
          setText(message.text);
          box.current?.focus();
        }}
      />
      <div className="row composer-head">
        <Tabs
          label={t('composer.modes')}
          value={mode}
          onChange={(next) => setMode(next === 'note' ? 'note' : 'reply')}
          tabs={[
            { id: 'reply', label: t('composer.reply') },
            { id: 'note', label: t('composer.note') },
          ]}
        />
        <span className="grow" />
        {note ? (
          <p className="guard guard-note">
            <Icon name="lock" size={14} /> {t('composer.note_hint')}
          </p>
        ) : (
          <Guard answer={answer} />
        )}
      </div>
      <textarea
        ref={box}
        className="composer-text"
        rows={3}
        value={draft.text}
        disabled={!allowed}
        aria-label={note ? t('composer.note') : t('composer.reply')}
        placeholder={t(
          allowed
            ? note
              ? 'composer.note_placeholder'
              : 'composer.placeholder'
            : 'composer.not_allowed',
        )}
        onChange={(event) => {
          setText(event.target.value);
          seen.touch();
          typing();
        }}
        onFocus={seen.touch}
        onPaste={(event) => {
          const files = filesOf(event);
          if (files.length > 0 && !note) uploads.add(files);
        }}
      />
      <UploadRow uploads={uploads} draft={draft} />
      <div className="row composer-foot">
        {!note && (
          <>
            <input
              ref={picker}
              type="file"
              multiple
              hidden
              onChange={(event) => {
                uploads.add(event.target.files ?? []);
                event.target.value = '';
              }}
            />
            <IconButton
              icon="clip"
              label={t('composer.attach')}
              disabled={!allowed}
              onClick={() => picker.current?.click()}
            />
            <Then
              value={then ?? (chat ? 'open' : 'wait_customer')}
              onChange={setThen}
              disabled={!allowed}
            />
          </>
        )}
        <span className="grow" />
        <Button
          look="primary"
          icon={note ? 'lock' : 'send'}
          disabled={!ready}
          title={written('Mod+Enter')}
          onClick={submit}
        >
          {t(note ? 'composer.add_note' : 'composer.send')}
        </Button>
      </div>
    </div>
  );
}
