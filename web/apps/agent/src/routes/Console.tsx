// The console put together: what those who lead see, and the levers they pull.

import { Suspense, type ComponentProps } from 'react';
import { late } from '@i18n/late';
import { Skeleton } from '@ui/Async';
import { Console as Supervision, type LeversSlot } from '@agent/features/console/Console';

const Panel = late('levers', async () => (await import('@agent/features/levers/Levers')).Levers);
const Dialog = late(
  'levers',
  async () => (await import('@agent/features/levers/LeverDialog')).LeverDialog,
);

/** Features know nothing of each other: the levers come in here, and what stands there waits for nothing. */
const LEVERS: LeversSlot = {
  Panel: (props: ComponentProps<LeversSlot['Panel']>) => (
    <Suspense fallback={<Skeleton />}>
      <Panel {...props} />
    </Suspense>
  ),
  Dialog: (props: ComponentProps<LeversSlot['Dialog']>) => (
    <Suspense>
      <Dialog {...props} />
    </Suspense>
  ),
};

export function Console({ tab }: { tab: string | undefined }) {
  return <Supervision tab={tab} levers={LEVERS} />;
}
