// The read cache: only what may be kept, only without a line, the newest three hundred.
import { expect, it } from 'vitest';
import { Answers, type Kept } from './answers';
import { memoryShelf } from './shelf';

function make(line: boolean): { answers: Answers; shelf: ReturnType<typeof memoryShelf<Kept>> } {
  const shelf = memoryShelf<Kept>();
  return { shelf, answers: new Answers(shelf, () => !line) };
}

it('answers from here only without a line, and says that it did', async () => {
  const { answers, shelf } = make(false);
  await answers.keep('/v1/cases/1', { a: 1 });
  expect((await answers.find('/v1/cases/1'))?.body).toEqual({ a: 1 });
  expect(answers.used).toBe(true);
  const live = new Answers(shelf, () => false);
  expect(await live.find('/v1/cases/1')).toBeUndefined();
});

it('keeps neither contents nor sources nor what is nobody’s business', async () => {
  const { answers, shelf } = make(false);
  const never = ['/v1/files/1/content', '/v1/cases/1/why', '/v1/people', '/v1/search?q=x'];
  for (const address of [...never, '/v1/sign_ins/current', '/v1/messages/1/source'])
    await answers.keep(address, {});
  expect(await shelf.all()).toEqual([]);
});

it('lets go of the oldest when there is too much', async () => {
  const { answers, shelf } = make(false);
  for (let n = 0; n < 310; n += 1) await answers.keep(`/v1/cases/${n}`, n);
  const kept = (await shelf.all()).map((one) => one.address);
  expect(kept).toHaveLength(300);
  expect(kept).not.toContain('/v1/cases/9');
  expect(kept).toContain('/v1/cases/10');
});

it('changes what is kept, and lets go of what is not to be seen any more', async () => {
  const { answers } = make(false);
  await answers.keep('/v1/cases/1', 1);
  await answers.change('/v1/cases/1', (body) => (body as number) + 1);
  expect((await answers.find('/v1/cases/1'))?.body).toBe(2);
  await answers.change('/v1/cases/1', () => undefined);
  expect(await answers.find('/v1/cases/1')).toBeUndefined();
});
