// The dialogs of a Case, each fetched when it is opened first.

import { lazy, Suspense } from 'react';
import type { Case, CaseAnswer, Message } from '@api/types';
import { useLiveWork } from '@agent/data/hooks';

const TransferDialog = lazy(async () => ({
  default: (await import('./TransferDialog')).TransferDialog,
}));
const SnoozeDialog = lazy(async () => ({ default: (await import('./SnoozeDialog')).SnoozeDialog }));
const MergeDialog = lazy(async () => ({ default: (await import('./MergeDialog')).MergeDialog }));
const SplitDialog = lazy(async () => ({ default: (await import('./SplitDialog')).SplitDialog }));
const WhyDialog = lazy(async () => ({ default: (await import('./WhyDialog')).WhyDialog }));
const HistoryDialog = lazy(async () => ({
  default: (await import('./HistoryDialog')).HistoryDialog,
}));
const SolveDialog = lazy(async () => ({ default: (await import('./SolveDialog')).SolveDialog }));
const HelpDialog = lazy(async () => ({ default: (await import('./HelpDialog')).HelpDialog }));
const ColleagueDialog = lazy(async () => ({
  default: (await import('./HelpDialog')).ColleagueDialog,
}));
const ForwardDialog = lazy(async () => ({
  default: (await import('./ForwardDialog')).ForwardDialog,
}));
const LinkDialog = lazy(async () => ({ default: (await import('./LinkDialog')).LinkDialog }));
const TagsDialog = lazy(async () => ({ default: (await import('./TagsDialog')).TagsDialog }));
const PriorityDialog = lazy(async () => ({
  default: (await import('./PickDialogs')).PriorityDialog,
}));
const AssignDialog = lazy(async () => ({ default: (await import('./PickDialogs')).AssignDialog }));

export type Open =
  | 'transfer'
  | 'assign'
  | 'park'
  | 'merge'
  | 'split'
  | 'why'
  | 'history'
  | 'solve'
  | 'solve_next'
  | 'help'
  | 'consult'
  | 'whisper'
  | 'forward'
  | 'link'
  | 'tags'
  | 'priority';

interface DialogsProps {
  open: Open | undefined;
  found: Case;
  answer: CaseAnswer;
  message?: Message;
  close: () => void;
  next: () => void;
}

function Chosen({ open, found, answer, message, close, next }: DialogsProps) {
  const work = useLiveWork(found);
  const item = work[0];
  switch (open) {
    case 'transfer':
      return item ? <TransferDialog found={found} item={item} onClose={close} /> : null;
    case 'assign':
      return item ? (
        <AssignDialog item={item} lead={answer.may.assign === true} onClose={close} />
      ) : null;
    case 'park':
      return <SnoozeDialog found={found} onClose={close} />;
    case 'merge':
      return <MergeDialog found={found} onClose={close} />;
    case 'split':
      return <SplitDialog found={found} onClose={close} />;
    case 'why':
      return <WhyDialog work={work.length > 0 ? work : answer.work_items} onClose={close} />;
    case 'history':
      return <HistoryDialog id={found.id} onClose={close} />;
    case 'solve':
      return <SolveDialog found={found} onClose={close} />;
    case 'solve_next':
      return <SolveDialog found={found} onClose={close} onDone={next} />;
    case 'help':
      return <HelpDialog found={found} onClose={close} />;
    case 'consult':
    case 'whisper':
      return (
        <ColleagueDialog
          found={found}
          whisper={open === 'whisper'}
          to={open === 'whisper' ? (item?.agent_id ?? undefined) : undefined}
          onClose={close}
        />
      );
    case 'forward':
      return <ForwardDialog found={found} message={message} onClose={close} />;
    case 'link':
      return <LinkDialog found={found} onClose={close} />;
    case 'tags':
      return <TagsDialog found={found} onClose={close} />;
    case 'priority':
      return <PriorityDialog found={found} onClose={close} />;
    default:
      return null;
  }
}

export const Dialogs = (props: DialogsProps) => (
  <Suspense fallback={null}>
    <Chosen {...props} />
  </Suspense>
);
