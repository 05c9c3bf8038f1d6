// Hears what other parts of the Case put into the words being written: quotes, links.

import { useEffect, useRef, type RefObject } from 'react';
import type { CaseAnswer } from '@api/types';
import { mediumTime } from '@i18n/format';
import { useLanguage } from '@agent/data/hooks';
import { INSERTED } from '@agent/parts/inserted';
import { QUOTED, type Quoted } from '@agent/parts/quoted';
import type { Mode } from './Head';
import type { Pen } from './pen';

interface Options {
  answer: CaseAnswer;
  mode: Mode;
  /** By which channel an answer would leave. */
  channel: string | undefined;
  /** Somebody may write in the mode at hand. */
  allowed: boolean;
  pen: RefObject<Pen | null>;
  setMode: (mode: Mode) => void;
}

/** Where no answer may be written the quote goes into a note. */
export function useQuoted(options: Options): void {
  const language = useLanguage();
  const latest = useRef({ ...options, language });
  latest.current = { ...options, language };
  useEffect(() => {
    const hear = (event: Event): void => {
      const { answer, mode, channel, allowed, pen, setMode, language: mine } = latest.current;
      const { text, name, at } = (event as CustomEvent<Quoted>).detail;
      const elsewhere = !allowed && mode === 'reply';
      if (!allowed && (!elsewhere || answer.may.note === false)) return;
      const inside = elsewhere || mode === 'note';
      const spoken = inside ? mine : (answer.case.language ?? mine);
      const head =
        !inside && channel === 'chat' ? '' : `${name}, ${mediumTime(spoken, Date.parse(at))}:`;
      if (elsewhere) setMode('note');
      setTimeout(() => pen.current?.quote({ head, text }));
    };
    const insert = (event: Event): void => {
      const { answer, allowed, mode, pen, setMode } = latest.current;
      if (mode === 'reply' ? !allowed : answer.may.reply === false) return;
      event.preventDefault();
      setMode('reply');
      setTimeout(() => pen.current?.put(0, (event as CustomEvent<string>).detail));
    };
    window.addEventListener(QUOTED, hear);
    window.addEventListener(INSERTED, insert);
    return () => {
      window.removeEventListener(QUOTED, hear);
      window.removeEventListener(INSERTED, insert);
    };
  }, []);
}
