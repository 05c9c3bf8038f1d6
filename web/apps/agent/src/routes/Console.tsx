// The console put together: what those who lead see, and the levers they pull.

import { Console as Supervision, type LeversSlot } from '@agent/features/console/Console';

/** Features know nothing of each other: the levers come in here. */
const LEVERS: LeversSlot | undefined = undefined;

export function Console({ tab }: { tab: string | undefined }) {
  return <Supervision tab={tab} levers={LEVERS} />;
}
