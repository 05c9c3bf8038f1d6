// The dialogs of a Case, each fetched when it is opened first.

import { Suspense } from 'react';
import type { Case, CaseAnswer, Message } from '@api/types';
import { late } from '@i18n/late';
import { useLiveWork, useNames } from '@agent/data/hooks';
import { go, href } from '@agent/data/router';

const TransferDialog = late(
  'dialogs',
  async () => (await import('./TransferDialog')).TransferDialog,
);
const SnoozeDialog = late('dialogs', async () => (await import('./SnoozeDialog')).SnoozeDialog);
const MergeDialog = late('dialogs', async () => (await import('./MergeDialog')).MergeDialog);
const SplitDialog = late('dialogs', async () => (await import('./SplitDialog')).SplitDialog);
const WhyDialog = late('dialogs', async () => (await import('@agent/parts/WhyDialog')).WhyDialog);
const HistoryDialog = late('dialogs', async () => (await import('./HistoryDialog')).HistoryDialog);
const SolveDialog = late('dialogs', async () => (await import('./SolveDialog')).SolveDialog);
const ElsewhereDialog = late(
  'dialogs',
  async () => (await import('./ElsewhereDialog')).ElsewhereDialog,
);
const TakeOverDialog = late(
  'dialogs',
  async () => (await import('@agent/parts/TakeOverDialog')).TakeOverDialog,
);
const HelpDialog = late('dialogs', async () => (await import('./HelpDialog')).HelpDialog);
const ColleagueDialog = late('dialogs', async () => (await import('./HelpDialog')).ColleagueDialog);
const ForwardDialog = late('dialogs', async () => (await import('./ForwardDialog')).ForwardDialog);
const LinkDialog = late('dialogs', async () => (await import('./LinkDialog')).LinkDialog);
const KindDialog = late('dialogs', async () => (await import('./KindDialog')).KindDialog);
const TagsDialog = late('dialogs', async () => (await import('./TagsDialog')).TagsDialog);
const PriorityDialog = late('dialogs', async () => (await import('./PickDialogs')).PriorityDialog);
const AssignDialog = late('dialogs', async () => (await import('./PickDialogs')).AssignDialog);

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
  | 'priority'
  | 'elsewhere'
  | 'take_over'
  | 'kind';

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
  const names = useNames();
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
    case 'take_over':
      return (
        <TakeOverDialog
          caseId={found.id}
          from={names.person(item?.agent_id)}
          onClose={close}
          onDone={() => go(href('case', found.id), true)}
        />
      );
    case 'forward':
      return <ForwardDialog found={found} message={message} onClose={close} />;
    case 'link':
      return <LinkDialog found={found} onClose={close} />;
    case 'tags':
      return <TagsDialog found={found} onClose={close} />;
    case 'elsewhere':
      return <ElsewhereDialog found={found} onClose={close} />;
    case 'kind':
      return <KindDialog found={found} onClose={close} />;
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
