// What the lists and tool bars need of whatever somebody writes in, plain or rich.

import { plainQuote, type Quote } from './quote';

export interface Pen {
  /** The line up to the caret. */
  before(): string;
  /** Replaces so many characters before the caret. */
  put(length: number, text: string): void;
  /** Puts signs around what is selected, or where the caret is; plain text only. */
  wrap?(left: string, right: string): void;
  /** Begins the selected lines with a sign; plain text only. */
  begin?(sign: string): void;
  /** Puts somebody's words at the caret, set off as his, and goes on below them. */
  quote(words: Quote): void;
  focus(): void;
}

/** Writes as if typed, so that the browser's own undo keeps working. */
function type(box: HTMLTextAreaElement, text: string): void {
  box.focus();
  if (!document.execCommand('insertText', false, text)) {
    box.setRangeText(text, box.selectionStart, box.selectionEnd, 'end');
    box.dispatchEvent(new Event('input', { bubbles: true }));
  }
}

export function plainPen(box: () => HTMLTextAreaElement | null): Pen {
  return {
    before: () => {
      const here = box();
      if (!here || here.selectionStart !== here.selectionEnd) return '';
      const text = here.value.slice(0, here.selectionStart);
      return text.slice(text.lastIndexOf('\n') + 1);
    },
    put: (length, text) => {
      const here = box();
      if (!here) return;
      here.focus();
      here.setSelectionRange(here.selectionStart - length, here.selectionStart);
      type(here, text);
    },
    wrap: (left, right) => {
      const here = box();
      if (!here) return;
      const chosen = here.value.slice(here.selectionStart, here.selectionEnd);
      const at = here.selectionStart + left.length;
      type(here, left + chosen + right);
      here.setSelectionRange(at, at + chosen.length);
    },
    begin: (sign) => {
      const here = box();
      if (!here) return;
      const from = here.value.lastIndexOf('\n', here.selectionStart - 1) + 1;
      const lines = here.value.slice(from, here.selectionEnd).split('\n');
      here.setSelectionRange(from, here.selectionEnd);
      type(here, lines.map((line) => sign + line).join('\n'));
    },
    quote: (words) => {
      const here = box();
      if (here) type(here, plainQuote(words, here.value.slice(0, here.selectionStart)));
    },
    focus: () => box()?.focus(),
  };
}
