// Where one writes: plain text with Markdown, or the rich editor for mail; both open the same lists.

import { lazy, Suspense, useMemo, useRef, type RefObject } from 'react';
import { useTranslation } from 'react-i18next';
import type { CaseAnswer } from '@api/types';
import type { RichPen } from '@agent/editor/Rich';
import type { Doors } from './door';
import { plainPen, type Pen } from './pen';
import { PlainBar, plainKey } from './PlainBar';
import { SuggestList, useSuggest } from './Suggest';
import type { Mention } from './suggestions';
import type { TriggerKind } from './triggers';
import type { Uploads } from './Uploads';
import type { DraftState } from './useDraft';

/** Fetched when the browser has nothing else to do, so that it is there when it is wanted. */
export const loadRich = () => import('@agent/editor/Rich');
const Rich = lazy(loadRich);

const IN_REPLY: TriggerKind[] = ['snippet', 'article', 'emoji', 'variable'];
const IN_NOTE: TriggerKind[] = ['snippet', 'article', 'mention', 'emoji'];

export interface WordsProps {
  answer: CaseAnswer;
  doors: Doors;
  draft: DraftState;
  uploads: Uploads;
  note: boolean;
  rich: boolean;
  allowed: boolean;
  pen: RefObject<Pen | null>;
  onMention: (mention: Mention) => void;
  onTouch: () => void;
  onTyped: () => void;
}

/** One pen for the lists, whichever editor holds the text now. */
function usePen(rich: boolean, pen: RefObject<Pen | null>) {
  const box = useRef<HTMLTextAreaElement>(null);
  const richPen = useRef<RichPen | null>(null);
  const plain = useMemo(() => plainPen(() => box.current), []);
  const both = useMemo<Pen>(
    () => ({
      before: () => richPen.current?.before() ?? '',
      put: (length, text) => richPen.current?.put(length, text),
      quote: (words) => richPen.current?.quote(words),
      focus: () => richPen.current?.focus(),
    }),
    [],
  );
  const now = rich ? both : plain;
  pen.current = now;
  return { box, richPen, now };
}

export function Words(props: WordsProps) {
  const { t } = useTranslation();
  const { answer, doors, draft, uploads, note, rich, allowed } = props;
  const { box, richPen, now } = usePen(rich, props.pen);
  const suggest = useSuggest({
    answer,
    channel: note ? undefined : doors.door?.channel_kind,
    kinds: note ? IN_NOTE : IN_REPLY,
    pen: now,
    onMention: props.onMention,
  });
  const label = note ? t('composer.note') : t('composer.reply');
  const described = {
    'aria-autocomplete': 'list' as const,
    'aria-haspopup': 'listbox' as const,
    'aria-controls': suggest.open ? suggest.list : undefined,
    'aria-activedescendant': suggest.active,
  };
  const files = (given: File[]): boolean => {
    if (given.length === 0 || note) return false;
    uploads.add(given, (file, source) => {
      if (rich && source.type.startsWith('image/')) richPen.current?.picture(file.id, file.name);
    });
    return true;
  };
  const placeholder = !allowed
    ? 'composer.not_allowed'
    : note
      ? 'composer.note_placeholder'
      : 'composer.placeholder';
  return (
    <div className="composer-words">
      <SuggestList suggest={suggest} />
      {rich ? (
        <Suspense fallback={<div className="composer-text" aria-busy="true" />}>
          <Rich
            key={draft.made}
            html={draft.html}
            text={draft.text}
            label={label}
            disabled={!allowed}
            pen={richPen}
            pictures={uploads.pictures}
            described={described}
            onChange={(html, text) => {
              draft.setText(text || (html && ' '), html || undefined);
              props.onTyped();
            }}
            onLook={suggest.look}
            onKey={suggest.key}
            onFiles={files}
          />
        </Suspense>
      ) : (
        <>
          <textarea
            ref={box}
            className="composer-text"
            rows={3}
            value={draft.text}
            disabled={!allowed}
            aria-label={label}
            {...described}
            placeholder={t(placeholder)}
            onChange={(event) => {
              draft.setText(event.target.value);
              props.onTyped();
            }}
            onSelect={suggest.look}
            onKeyDown={(event) => {
              if (suggest.key(event)) return;
              if (!event.nativeEvent.isComposing && plainKey(event, now)) event.preventDefault();
            }}
            onBlur={suggest.close}
            onFocus={props.onTouch}
            onPaste={(event) => {
              if (files([...event.clipboardData.files])) event.preventDefault();
            }}
          />
          <PlainBar pen={now} disabled={!allowed} />
        </>
      )}
    </div>
  );
}
