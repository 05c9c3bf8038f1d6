// The rich editor for mail: loaded when somebody wants it; says HTML and plain words at every change.

import { baseKeymap, toggleMark, wrapIn } from 'prosemirror-commands';
import { history, redo, undo } from 'prosemirror-history';
import { inputRules, wrappingInputRule } from 'prosemirror-inputrules';
import { keymap } from 'prosemirror-keymap';
import { liftListItem, sinkListItem, splitListItem, wrapInList } from 'prosemirror-schema-list';
import { EditorState, Plugin, TextSelection, type Command } from 'prosemirror-state';
import { EditorView, type NodeView } from 'prosemirror-view';
import type { Node } from 'prosemirror-model';
import { useEffect, useRef, useState, type RefObject } from 'react';
import { useTranslation } from 'react-i18next';
import { IconButton } from '@ui/Button';
import type { IconName } from '@ui/Icon';
import { WriteBar } from '@agent/parts/WriteBar';
import { fromHtml, fromText, toHtml, toText } from './convert';
import { address, schema } from './schema';

export interface RichPen {
  before(): string;
  put(length: number, text: string): void;
  picture(id: string, name: string): void;
  quote(words: { head: string; text: string }): void;
  focus(): void;
}

export interface RichProps {
  /** Read once; a new key makes a new editor. */
  html: string | null | undefined;
  text: string;
  label: string;
  disabled: boolean;
  pen: RefObject<RichPen | null>;
  /** Addresses of pictures pasted in this tab, by upload. */
  pictures: ReadonlyMap<string, string>;
  described: Readonly<Record<string, string | undefined>>;
  onChange: (html: string, text: string) => void;
  onLook: () => void;
  /** True when the key was somebody else's. */
  onKey: (event: KeyboardEvent) => boolean;
  onFiles: (files: File[]) => boolean;
}

const { blockquote, bullet_list, hard_break, list_item, ordered_list, paragraph } = schema.nodes;
const { em, link, strong } = schema.marks;

const newLine: Command = (state, dispatch) => {
  dispatch?.(state.tr.replaceSelectionWith(hard_break.create()).scrollIntoView());
  return true;
};

const KEYS = {
  'Mod-b': toggleMark(strong),
  'Mod-i': toggleMark(em),
  'Mod-z': undo,
  'Mod-y': redo,
  'Shift-Mod-z': redo,
  'Shift-Enter': newLine,
  Enter: splitListItem(list_item),
  'Mod-]': sinkListItem(list_item),
  'Mod-[': liftListItem(list_item),
};

const RULES = inputRules({
  rules: [
    wrappingInputRule(/^\s*>\s$/, blockquote),
    wrappingInputRule(/^\s*[-*]\s$/, bullet_list),
    wrappingInputRule(/^\s*1[.)]\s$/, ordered_list),
  ],
});

/** A picture as it will look; one of another session shows its name. */
function picture(node: Node, pictures: ReadonlyMap<string, string>): NodeView {
  const known = pictures.get(String(node.attrs.cid));
  const dom = document.createElement(known ? 'img' : 'span');
  dom.className = 'rich-picture';
  if (dom instanceof HTMLImageElement && known) {
    dom.src = known;
    dom.alt = String(node.attrs.alt);
  } else dom.textContent = `[${String(node.attrs.alt) || '…'}]`;
  return { dom };
}

/** Puts a quote after the block the caret is in, or in place of an empty one, and goes on below. */
function quote(view: EditorView, head: string, text: string): void {
  const { $from } = view.state.selection;
  const [from, to] = $from.depth > 0 ? [$from.before(1), $from.after(1)] : [$from.pos, $from.pos];
  const empty = $from.depth > 0 && $from.node(1).content.size === 0;
  const change = view.state.tr.replaceWith(empty ? from : to, to, [
    ...(head ? [paragraph.create(null, schema.text(head))] : []),
    blockquote.create(null, fromText(text.trim()).content),
    paragraph.create(),
  ]);
  const end = change.mapping.map(to) - 1;
  change.setSelection(TextSelection.near(change.doc.resolve(end), -1));
  view.dispatch(change.scrollIntoView());
  view.focus();
}

function penOf(view: EditorView): RichPen {
  return {
    before: () => {
      const { $from, empty } = view.state.selection;
      if (!empty) return '';
      const text = $from.parent.textBetween(0, $from.parentOffset, '\n', '\n');
      return text.slice(text.lastIndexOf('\n') + 1);
    },
    put: (length, text) => {
      const { from } = view.state.selection;
      const whole = fromText(text);
      const change = view.state.tr.delete(from - length, from);
      const plain = whole.childCount === 1 ? whole.firstChild?.content : undefined;
      if (plain) change.replaceWith(from - length, from - length, plain);
      else change.replaceSelection(whole.slice(1, whole.content.size - 1));
      view.dispatch(change.scrollIntoView());
      view.focus();
    },
    picture: (id, name) => {
      const image = schema.node('image', { cid: id, alt: name });
      view.dispatch(view.state.tr.replaceSelectionWith(image).scrollIntoView());
    },
    quote: ({ head, text }) => quote(view, head, text),
    focus: () => view.focus(),
  };
}

export default function Rich(props: RichProps) {
  const latest = useRef(props);
  const place = useRef<HTMLDivElement>(null);
  const view = useRef<EditorView | null>(null);
  useEffect(() => {
    latest.current = props;
    view.current?.setProps({
      editable: () => !props.disabled,
      attributes: attributesOf(props),
    });
  });
  useEffect(() => {
    if (!place.current) return undefined;
    const first = latest.current;
    const plugins = [
      keymap(KEYS),
      keymap(baseKeymap),
      history(),
      RULES,
      new Plugin({ view: () => ({ update: () => latest.current.onLook() }) }),
    ];
    const doc = first.html ? fromHtml(first.html) : fromText(first.text);
    const made = new EditorView(place.current, {
      state: EditorState.create({ doc, plugins }),
      attributes: attributesOf(first),
      editable: () => !latest.current.disabled,
      nodeViews: { image: (node) => picture(node, latest.current.pictures) },
      handleKeyDown: (_, event) => latest.current.onKey(event),
      handlePaste: (_, event) => latest.current.onFiles([...(event.clipboardData?.files ?? [])]),
      dispatchTransaction(change) {
        made.updateState(made.state.apply(change));
        if (change.docChanged) {
          const words = toText(made.state.doc);
          const empty = words.trim() === '' && !toHtml(made.state.doc).includes('<img');
          latest.current.onChange(empty ? '' : toHtml(made.state.doc), empty ? '' : words);
        }
      },
    });
    view.current = made;
    first.pen.current = penOf(made);
    return () => {
      first.pen.current = null;
      view.current = null;
      made.destroy();
    };
  }, []);
  return (
    <>
      <Bar view={view} disabled={props.disabled} />
      <div ref={place} className="rich" />
    </>
  );
}

const attributesOf = (props: RichProps): Record<string, string> => ({
  class: 'composer-text rich-text',
  role: 'textbox',
  'aria-multiline': 'true',
  'aria-label': props.label,
  ...(Object.fromEntries(
    Object.entries(props.described).filter(([, value]) => value !== undefined),
  ) as Record<string, string>),
});

const MARKS: { icon: IconName; name: string; command: Command }[] = [
  { icon: 'bold', name: 'bold', command: toggleMark(strong) },
  { icon: 'italic', name: 'italic', command: toggleMark(em) },
  { icon: 'bullets', name: 'bullets', command: wrapInList(bullet_list) },
  { icon: 'numbers', name: 'numbers', command: wrapInList(ordered_list) },
  { icon: 'quote', name: 'quote', command: wrapIn(blockquote) },
];

function Bar({ view, disabled }: { view: RefObject<EditorView | null>; disabled: boolean }) {
  const { t } = useTranslation();
  const [asking, setAsking] = useState(false);
  const run = (command: Command): void => {
    const here = view.current;
    if (!here) return;
    command(here.state, here.dispatch);
    here.focus();
  };
  const toLink = (): void => {
    const here = view.current;
    if (!here || here.state.selection.empty) return;
    const { from, to } = here.state.selection;
    const href = address(here.state.doc.textBetween(from, to));
    if (here.state.doc.rangeHasMark(from, to, link)) run(toggleMark(link));
    else if (href) run(toggleMark(link, { href }));
    else setAsking(true);
  };
  return (
    <WriteBar
      disabled={disabled}
      tools={MARKS.map(({ icon, name, command }) => ({ icon, name, run: () => run(command) }))}
    >
      <IconButton
        icon="link"
        size={16}
        label={t('composer.format_link')}
        disabled={disabled}
        onMouseDown={(event) => event.preventDefault()}
        onClick={toLink}
      />
      {asking && (
        <input
          className="input link-input"
          autoFocus
          aria-label={t('composer.link_to')}
          placeholder={t('composer.link_to')}
          onBlur={() => setAsking(false)}
          onKeyDown={(event) => {
            if (event.key !== 'Enter' && event.key !== 'Escape') return;
            event.preventDefault();
            event.stopPropagation();
            const href = event.key === 'Enter' ? address(event.currentTarget.value) : undefined;
            setAsking(false);
            if (href) run(toggleMark(link, { href }));
            else view.current?.focus();
          }}
        />
      )}
    </WriteBar>
  );
}
