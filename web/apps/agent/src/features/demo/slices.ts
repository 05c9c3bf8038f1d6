// Going on slice by slice until nothing is left, over refusals that pass.

import { ApiProblem } from '@api/problem';

export interface Progress {
  left: number;
  total: number;
}

/** How often in a row a slice may be refused for a reason that passes, and how long to wait between. */
const PATIENCE = 30;
const PAUSE_MS = 2_000;

const pause = (ms: number): Promise<void> => new Promise((done) => setTimeout(done, ms));

/**
 * Asks for slices until none is left; `told` hears how far it is. A busy server or a cut line is asked again, for a
 * minute; that nothing is there any more is the end when an answer was lost before.
 */
export async function allSlices(
  slice: () => Promise<Progress>,
  told: (now: Progress) => void,
  wait: (ms: number) => Promise<void> = pause,
): Promise<void> {
  let refused = 0;
  for (;;) {
    try {
      const now = await slice();
      refused = 0;
      told(now);
      if (now.left === 0) return;
    } catch (error) {
      if (!(error instanceof ApiProblem)) throw error;
      if (refused > 0 && error.status === 404) return;
      refused += 1;
      if (!error.passing || refused > PATIENCE) throw error;
      await wait(error.retryAfterMs ?? PAUSE_MS);
    }
  }
}
