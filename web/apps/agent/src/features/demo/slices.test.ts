// Slices go on over what passes, and stop at what does not.

import { expect, test } from 'vitest';
import { ApiProblem, lineDown } from '@api/problem';
import { allSlices, type Progress } from './slices';

const refusal = (status: number): ApiProblem => new ApiProblem({ status, code: 'x', title: 'x' });
const now = async (): Promise<void> => undefined;

/** Answers one after the other; a problem among them is thrown. */
function answers(...given: (number | ApiProblem)[]): () => Promise<Progress> {
  return async () => {
    const one = given.shift();
    if (one === undefined) throw new Error('asked too often');
    if (one instanceof ApiProblem) throw one;
    return { left: one, total: 9 };
  };
}

test('a busy server and a cut line are asked again', async () => {
  const seen: number[] = [];
  const slice = answers(6, refusal(503), lineDown(), 3, refusal(503), 0);
  await allSlices(slice, ({ left }) => seen.push(left), now);
  expect(seen).toEqual([6, 3, 0]);
});

test('when the last answer was lost, nothing left to remove is the end', async () => {
  await allSlices(answers(3, lineDown(), refusal(404)), () => undefined, now);
});

test('what does not pass is said at once, what does not end after a minute', async () => {
  await expect(allSlices(answers(refusal(403)), () => undefined, now)).rejects.toThrow();
  await expect(allSlices(answers(refusal(404)), () => undefined, now)).rejects.toThrow();
  const never = async (): Promise<Progress> => Promise.reject(refusal(503));
  await expect(allSlices(never, () => undefined, now)).rejects.toThrow();
});
