// The tool bar of plain text: Markdown signs around what is selected.

import type { IconName } from '@ui/Icon';
import { WriteBar } from '@agent/parts/WriteBar';
import type { Pen } from './pen';

const MARKS: { icon: IconName; name: string; run: (pen: Pen) => void }[] = [
  { icon: 'bold', name: 'bold', run: (pen) => pen.wrap?.('**', '**') },
  { icon: 'italic', name: 'italic', run: (pen) => pen.wrap?.('_', '_') },
  { icon: 'bullets', name: 'bullets', run: (pen) => pen.begin?.('- ') },
  { icon: 'quote', name: 'quote', run: (pen) => pen.begin?.('> ') },
  { icon: 'code', name: 'code', run: (pen) => pen.wrap?.('`', '`') },
];

export function PlainBar({ pen, disabled }: { pen: Pen; disabled: boolean }) {
  const tools = MARKS.map(({ icon, name, run }) => ({ icon, name, run: () => run(pen) }));
  return <WriteBar tools={tools} disabled={disabled} />;
}

/** Bold and italic by key in plain text; true when the key was one of them. */
export function plainKey(
  event: { key: string; ctrlKey: boolean; metaKey: boolean; altKey: boolean; shiftKey: boolean },
  pen: Pen,
): boolean {
  if (!(event.ctrlKey || event.metaKey) || event.altKey || event.shiftKey) return false;
  const sign = { b: '**', i: '_' }[event.key.toLowerCase()];
  if (sign) pen.wrap?.(sign, sign);
  return sign !== undefined;
}
