// The composer: reply and note with drafts of their own, files, checks, what happens next, send.

import { useEffect, useRef, useState } from 'react';
import { flushSync } from 'react-dom';
import { useTranslation } from 'react-i18next';
import type { CaseAnswer } from '@api/types';
import type { DraftMode } from '@sync/drafts';
import type { OutItem } from '@sync/outbox';
import type { MenuItem } from '@ui/Menu';
import { useEntity } from '@agent/data/hooks';
import { catchUp } from '@agent/parts/ahead';
import { runCommand, useCommand } from '@agent/parts/commands';
import { resolve } from '@agent/parts/template';
import { Asks } from './Asks';
import { Filled, Signature } from './Below';
import { useDoors } from './door';
import { Foot } from './Foot';
import { Head, type Mode } from './Head';
import { LaterDialog, Scheduled } from './Later';
import { MacroPicker } from './MacroPicker';
import { Theirs, Versions } from './Others';
import type { Pen } from './pen';
import { SaveSnippet } from './SaveSnippet';
import { useSeen, useTyping } from './sending';
import type { Mention } from './suggestions';
import type { ThenChoice } from './Then';
import { UndoBar } from './UndoBar';
import { UploadRow, useUploads } from './Uploads';
import { useDraft } from './useDraft';
import { useDrop } from './useDrop';
import { useQuoted } from './useQuoted';
import { useRich } from './useRich';
import { useSending, type Going } from './useSending';
import { Words } from './Words';
import './composer.css';

interface ComposerProps {
  answer: CaseAnswer;
  /** A message that came back from the outbox to be edited. */
  returned: OutItem | undefined;
}

/** Words from elsewhere: before what is there, or in its place. */
interface Brought {
  text: string;
  html?: string | undefined;
  back?: boolean;
}

type Open = 'later' | 'macro' | 'versions' | 'snippet';

/** Who is named in a note: those whose name still stands in it. */
const stillNamed = (text: string, mentions: readonly Mention[]): Mention[] =>
  mentions.filter((one) => text.includes(`@${one.name}`));

function useComposer({ answer, returned }: ComposerProps) {
  const id = answer.case.id;
  const found = useEntity('case', id);
  const [mode, setMode] = useState<Mode>('reply');
  const note = mode === 'note';
  const doors = useDoors(answer);
  const channel = doors.door?.channel_kind;
  const slot: DraftMode = note ? 'note' : channel ? `reply:${channel}` : 'reply';
  const draft = useDraft(id, slot, answer.as_of);
  const uploads = useUploads(draft, doors.door?.limits.file_max_bytes ?? 25 * 1024 * 1024);
  const rich = useRich(!note && doors.door?.limits.html === true, draft);
  const seen = useSeen(found);
  const [then, setThen] = useState<ThenChoice>();
  const [signed, setSigned] = useState(true);
  const [mentions, setMentions] = useState<readonly Mention[]>([]);
  const pen = useRef<Pen | null>(null);
  const allowed = note
    ? answer.may.note !== false
    : answer.may.reply !== false && doors.door?.allowed === true && found?.state !== 'merged';
  const sending = useSending({
    answer,
    doors,
    draft,
    seen: seen.last,
    signed,
    onSent: () => setThen(undefined),
  });
  useEffect(() => {
    setThen(undefined);
    setSigned(true);
    setMentions((all) => (all.length === 0 ? all : []));
  }, [id]);
  const put = ({ text, html, back }: Brought): void =>
    draft.replace(back && draft.text ? `${text}\n\n${draft.text}` : text, html);
  const bring = (kind: Mode, brought: Brought): void => {
    setMode(kind);
    if (kind === mode) put(brought);
    else pending.current = brought;
    setTimeout(() => pen.current?.focus());
  };
  const move = (kind: Mode): void => {
    const { text, html } = draft;
    draft.clear();
    bring(kind, { text, html: note ? undefined : html, back: true });
  };
  /** An answer that was taken back stands before what has been begun since, as words moved here do. */
  const giveBack = (kind: Mode, text: string): void => bring(kind, { text, back: true });
  // words that belong to the other mode are put there once its draft is the one in hand
  const pending = useRef<Brought | undefined>(undefined);
  useEffect(() => {
    if (!pending.current) return;
    const brought = pending.current;
    pending.current = undefined;
    put(brought);
  }, [slot]);
  useEffect(() => {
    if (returned) giveBack(returned.kind, String(returned.body.text ?? ''));
  }, [returned]);
  return {
    ...{ id, found, mode, setMode, note, doors, draft, uploads, rich, seen, then, setThen },
    ...{ signed, setSigned, mentions, setMentions, pen, allowed, sending, bring, giveBack, move },
  };
}

export function Composer({ answer, returned }: ComposerProps) {
  const { t } = useTranslation();
  const own = useComposer({ answer, returned });
  const { id, mode, setMode, note, doors, draft, uploads, rich, pen, allowed, sending } = own;
  const typing = useTyping(id, mode);
  const [open, setOpen] = useState<Open>();
  const over = useDrop((files) => uploads.add(files), allowed && !note);
  const choice = own.then ?? (doors.door?.channel_kind === 'chat' ? 'open' : 'wait_customer');
  const values = answer.variables ?? {};
  const longest = doors.door?.limits.text_max ?? 100_000;
  const left = longest - draft.text.length;
  const missing = note ? [] : resolve(draft.text, values).missing;
  const ready =
    allowed &&
    uploads.going.length === 0 &&
    missing.length === 0 &&
    left >= 0 &&
    (draft.text.trim() !== '' || (!note && draft.files.length > 0));
  const submit = (going: Partial<Going> = {}): void => {
    if (!ready) return;
    if (note) {
      const text = draft.text.trim();
      void sending.note(text, stillNamed(text, own.mentions));
      draft.clear();
      own.setMentions([]);
    } else sending.start({ then: choice, ...going });
  };
  const solveNext = (): void => submit({ then: 'solve', next: () => void runCommand('next') });
  // within the key's own event: letters typed right after it must not be taken for shortcuts
  const focus = (next: Mode): void => {
    flushSync(() => setMode(next));
    pen.current?.focus();
  };
  const other: Mode = note ? 'reply' : 'note';
  const move = (): void => own.move(other);
  useQuoted({ answer, mode, channel: doors.door?.channel_kind, allowed, pen, setMode });
  useCommand('reply', () => focus('reply'));
  useCommand('note', () => focus('note'));
  useCommand('mode', () => focus(other));
  useCommand('send', () => submit());
  useCommand('send_solve_next', solveNext, { when: !note });
  useCommand('macro', () => setOpen('macro'), { when: answer.may.note !== false });
  useEffect(catchUp, []);
  const more: MenuItem[] = [
    { id: 'macro', label: t('macro.run_title'), icon: 'bolt', onSelect: () => setOpen('macro') },
    {
      id: 'snippet',
      label: t('snippet.save_as'),
      icon: 'star',
      disabled: draft.text.trim() === '',
      onSelect: () => setOpen('snippet'),
    },
    {
      id: 'move',
      label: t(note ? 'composer.move_to_reply' : 'composer.move_to_note'),
      icon: 'right',
      disabled: draft.text === '',
      onSelect: move,
    },
    {
      id: 'versions',
      label: t('composer.versions'),
      icon: 'clock',
      onSelect: () => setOpen('versions'),
    },
    ...rich.menu,
  ];
  const signature = doors.door?.signature;
  return (
    <div
      className={`composer ${note ? 'composer-note' : ''} ${over.on ? 'composer-over' : ''}`}
      aria-busy={sending.busy}
      {...over.handlers}
    >
      <UndoBar caseId={id} onUndone={(message) => own.giveBack('reply', message.text)} />
      <Scheduled
        caseId={id}
        may={answer.may.reply !== false}
        onEdit={(message) => own.giveBack('reply', message.text)}
      />
      <Theirs
        answer={answer}
        onAdopted={({ mode: kind, text, html }) =>
          own.bring(kind, { text, html: html ?? undefined })
        }
      />
      <Head answer={answer} doors={doors} mode={mode} setMode={setMode} />
      <Words
        {...{ answer, doors, draft, uploads, note, allowed, pen }}
        rich={rich.on}
        onMention={(one) => own.setMentions((all) => [...all, one])}
        onTouch={own.seen.touch}
        onTyped={() => {
          own.seen.touch();
          typing();
        }}
      />
      {!note && <Filled text={draft.text} values={values} />}
      <UploadRow uploads={uploads} draft={draft} />
      {!note && signature && draft.text !== '' && (
        <Signature text={signature} on={own.signed} onChange={own.setSigned} />
      )}
      <Foot
        {...{ note, allowed, ready, more }}
        busy={sending.busy}
        left={left < longest / 5 && left < 1_000 ? left : undefined}
        then={choice}
        setThen={own.setThen}
        onFiles={(files) => uploads.add(files)}
        onSend={() => submit()}
        onLater={() => setOpen('later')}
        onSolveNext={solveNext}
      />
      {over.on && <p className="drop-here">{t('composer.drop_here')}</p>}
      <Dialogs {...{ answer, own, open, submit }} close={() => setOpen(undefined)} />
    </div>
  );
}

interface DialogsProps {
  answer: CaseAnswer;
  own: ReturnType<typeof useComposer>;
  open: Open | undefined;
  close: () => void;
  submit: (going: Partial<Going>) => void;
}

function Dialogs({ answer, own, open, close, submit }: DialogsProps) {
  const { draft, sending, note, doors } = own;
  const language = (answer.case.language ?? 'en').slice(0, 2);
  const known = ['en', 'cs', 'pl', 'ru'].includes(language) ? language : 'en';
  const slot = note ? 'note' : `reply:${doors.door?.channel_kind ?? ''}`;
  return (
    <>
      {sending.question && (
        <Asks
          question={sending.question}
          onGo={sending.answered}
          onClose={sending.close}
          onNote={() => {
            sending.close();
            own.move('note');
          }}
        />
      )}
      {open === 'later' && (
        <LaterDialog
          onClose={close}
          onChoose={(later) => {
            close();
            submit({ later });
          }}
        />
      )}
      {open === 'macro' && (
        <MacroPicker answer={answer} seen={own.found?.last_item ?? 0} onClose={close} />
      )}
      {open === 'snippet' && <SaveSnippet text={draft.text} language={known} onClose={close} />}
      {open === 'versions' && (
        <Versions caseId={own.id} slot={slot} onChoose={draft.replace} onClose={close} />
      )}
    </>
  );
}
