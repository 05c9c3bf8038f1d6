// A region that scrolls is reachable by the keyboard: a tab stop when nothing in it takes the focus.

import { useEffect, useState, type RefObject } from 'react';

const FOCUSABLE =
  'a[href], button, input, select, textarea, summary, iframe, [contenteditable="true"], [tabindex]';

/** Less than this is a rounding error of the browser's layout, nothing to scroll to. */
const SLACK_PX = 1;

const takesFocus = (one: HTMLElement): boolean =>
  one.tabIndex >= 0 && !one.matches(':disabled, [hidden], [hidden] *, [inert] *');

const overflows = (box: HTMLElement): boolean =>
  box.scrollHeight - box.clientHeight > SLACK_PX || box.scrollWidth - box.clientWidth > SLACK_PX;

const needsStop = (box: HTMLElement): boolean =>
  overflows(box) && ![...box.querySelectorAll<HTMLElement>(FOCUSABLE)].some(takesFocus);

/** Calls `changed` whenever the size or the content of a box may have become another one. */
function watch(box: HTMLElement, changed: () => void): () => void {
  const sizes = typeof ResizeObserver === 'undefined' ? undefined : new ResizeObserver(changed);
  const observe = (): void => {
    sizes?.disconnect();
    for (const one of [box, ...box.children]) sizes?.observe(one);
  };
  // What is observed anew tells its size after the next layout, so nothing is measured before there is one.
  const content = new MutationObserver(() => {
    observe();
    if (!sizes) changed();
  });
  observe();
  if (!sizes) changed();
  content.observe(box, {
    childList: true,
    subtree: true,
    characterData: true,
    attributes: true,
    attributeFilter: ['disabled', 'hidden', 'inert', 'tabindex', 'href'],
  });
  return () => {
    sizes?.disconnect();
    content.disconnect();
  };
}

/** Whether the box needs a tab stop of its own now; a stop that has the focus is never taken away. */
export function useTabStop(ref: RefObject<HTMLElement | null>): boolean {
  const [needed, setNeeded] = useState(false);
  useEffect(() => {
    const box = ref.current;
    if (!box) return undefined;
    const measure = (): void => setNeeded(box === document.activeElement || needsStop(box));
    const left = (): void => setNeeded(needsStop(box));
    const unwatch = watch(box, measure);
    box.addEventListener('blur', left);
    return () => {
      unwatch();
      box.removeEventListener('blur', left);
    };
  }, [ref]);
  return needed;
}
