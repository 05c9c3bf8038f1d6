// The composer: reply and note with drafts of their own, files, what happens next, send.

import { useEffect, useRef, useState, type ClipboardEvent, type DragEvent } from 'react';
import { useTranslation } from 'react-i18next';
import type { CaseAnswer } from '@api/types';
import type { DraftMode } from '@sync/drafts';
import type { OutItem } from '@sync/outbox';
import { written } from '@keys/bindings';
import { Button, IconButton } from '@ui/Button';
import { Icon } from '@ui/Icon';
import { Tabs } from '@ui/Small';
import { useEntity } from '@agent/data/hooks';
import { useCommand } from '@agent/parts/commands';
import { Guard } from './Guard';
import { useSeen, useSend, useTyping } from './sending';
import { Then, type ThenChoice } from './Then';
import { UndoBar } from './UndoBar';
import { UploadRow, useUploads } from './Uploads';
import { useDraft } from './useDraft';

interface ComposerProps {
  answer: CaseAnswer;
  /** A message that came back from the outbox to be edited. */
  returned: OutItem | undefined;
}

const filesOf = (event: ClipboardEvent | DragEvent): File[] => [
  ...('dataTransfer' in event ? event.dataTransfer.files : event.clipboardData.files),
];

function Head({
  answer,
  mode,
  setMode,
}: {
  answer: CaseAnswer;
  mode: DraftMode;
  setMode: (mode: DraftMode) => void;
}) {
  const { t } = useTranslation();
  const note = mode === 'note';
  return (
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
  );
}

interface FootProps {
  note: boolean;
  allowed: boolean;
  ready: boolean;
  then: ThenChoice;
  setThen: (then: ThenChoice) => void;
  onFiles: (files: Iterable<File>) => void;
  onSend: () => void;
}

function Foot({ note, allowed, ready, then, setThen, onFiles, onSend }: FootProps) {
  const { t } = useTranslation();
  const picker = useRef<HTMLInputElement>(null);
  return (
    <div className="row composer-foot">
      {!note && (
        <>
          <input
            ref={picker}
            type="file"
            multiple
            hidden
            onChange={(event) => {
              onFiles(event.target.files ?? []);
              event.target.value = '';
            }}
          />
          <IconButton
            icon="clip"
            label={t('composer.attach')}
            disabled={!allowed}
            onClick={() => picker.current?.click()}
          />
          <Then value={then} onChange={setThen} disabled={!allowed} />
        </>
      )}
      <span className="grow" />
      <Button
        look="primary"
        icon={note ? 'lock' : 'send'}
        disabled={!ready}
        title={written('Mod+Enter')}
        onClick={onSend}
      >
        {t(note ? 'composer.add_note' : 'composer.send')}
      </Button>
    </div>
  );
}

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
  const note = mode === 'note';
  const allowed = note
    ? answer.may.note !== false
    : answer.may.reply !== false && answer.reply_to?.allowed === true && found?.state !== 'merged';
  const choice = then ?? (chat ? 'open' : 'wait_customer');
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
      <Head answer={answer} mode={mode} setMode={setMode} />
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
      <Foot
        note={note}
        allowed={allowed}
        ready={ready}
        then={choice}
        setThen={setThen}
        onFiles={uploads.add}
        onSend={submit}
      />
    </div>
  );
}
