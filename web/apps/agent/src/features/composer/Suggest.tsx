// The list that opens under a typed sign: walked by arrows, chosen by Enter or a click, left by Escape.

import { useEffect, useId, useRef, useState, type KeyboardEvent } from 'react';
import { useTranslation } from 'react-i18next';
import type { CaseAnswer, ChannelKind } from '@api/types';
import type { Pen } from './pen';
import { useSuggestions, type Mention, type Suggestion } from './suggestions';
import { triggerAt, type Trigger, type TriggerKind } from './triggers';

export interface Suggest {
  list: string;
  open: boolean;
  active: string | undefined;
  items: readonly Suggestion[] | undefined;
  trigger: Trigger | undefined;
  /** Looks at what stands before the caret now. */
  look: () => void;
  /** True when the key was the list's. */
  key: (event: KeyboardEvent | globalThis.KeyboardEvent) => boolean;
  choose: (item: Suggestion) => void;
  close: () => void;
}

interface Options {
  answer: CaseAnswer;
  channel: ChannelKind | undefined;
  kinds: readonly TriggerKind[];
  pen: Pen;
  onMention: (mention: Mention) => void;
}

const same = (one: Trigger | undefined, other: Trigger | undefined): boolean =>
  one?.kind === other?.kind && one?.query === other?.query;

export function useSuggest({ answer, channel, kinds, pen, onMention }: Options): Suggest {
  const list = useId();
  const [trigger, setTrigger] = useState<Trigger>();
  const [at, setAt] = useState(0);
  const left = useRef<string | undefined>(undefined);
  const items = useSuggestions({ answer, channel, trigger });
  const open = trigger !== undefined && items !== undefined && items.length > 0;
  useEffect(() => setAt(0), [trigger?.kind, trigger?.query]);
  const close = (): void => {
    left.current = trigger?.kind;
    setTrigger(undefined);
  };
  const look = (): void => {
    const found = triggerAt(pen.before(), kinds);
    // who left a list by Escape is not asked again for the same sign
    if (found === undefined) left.current = undefined;
    const next = found && left.current === found.kind ? undefined : found;
    setTrigger((known) => (same(known, next) ? known : next));
  };
  const choose = (item: Suggestion): void => {
    const length = trigger?.length ?? 0;
    setTrigger(undefined);
    pen.put(length, item.insert);
    if (item.mention) onMention(item.mention);
  };
  const key: Suggest['key'] = (event) => {
    const composing = 'nativeEvent' in event ? event.nativeEvent.isComposing : event.isComposing;
    if (!open || composing) return false;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    const item = items[at] ?? items[0];
    if (step !== undefined) setAt((at + step + items.length) % items.length);
    else if (event.key === 'Escape') close();
    else if (
      item &&
      (event.key === 'Tab' || event.key === 'Enter') &&
      !event.ctrlKey &&
      !event.metaKey &&
      !event.shiftKey
    )
      choose(item);
    else return false;
    event.preventDefault();
    event.stopPropagation();
    return true;
  };
  const active = open ? `${list}-${at}` : undefined;
  return { list, open, active, items, trigger, look, key, choose, close };
}

export function SuggestList({ suggest }: { suggest: Suggest }) {
  const { t } = useTranslation();
  const box = useRef<HTMLUListElement>(null);
  const { active, items, open, trigger } = suggest;
  useEffect(() => {
    if (active) document.getElementById(active)?.scrollIntoView?.({ block: 'nearest' });
  }, [active]);
  if (!trigger) return null;
  if (!open) {
    if (!items) return null;
    const empty = trigger.kind === 'snippet' || trigger.kind === 'article';
    return empty ? (
      <p className="suggest suggest-none tiny soft" role="status">
        {t(`composer.none_${trigger.kind}`)}
      </p>
    ) : null;
  }
  return (
    <ul
      ref={box}
      id={suggest.list}
      role="listbox"
      aria-label={t(`composer.list_${trigger.kind}`)}
      className="suggest"
    >
      {items?.map((item, index) => (
        <li
          key={item.id}
          id={`${suggest.list}-${index}`}
          role="option"
          aria-selected={active === `${suggest.list}-${index}`}
          className="option"
          onMouseDown={(event) => {
            event.preventDefault();
            suggest.choose(item);
          }}
        >
          <span className="suggest-sign">{item.sign}</span>
          <span className="cut suggest-label">{item.label}</span>
          {item.hint && <span className="cut soft suggest-hint">{item.hint}</span>}
        </li>
      ))}
    </ul>
  );
}
