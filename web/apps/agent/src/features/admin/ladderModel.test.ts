// Steps are told in the order they widen; a new one comes after the last.
import { expect, it } from 'vitest';
import { begins, changes, nextRung, USUAL } from './ladderModel';

const names = { skill: (key: string) => key.toUpperCase(), queue: (id: string) => `Q${id}` };

it('says when a step begins', () => {
  expect(begins({ at_x: 0.5 })).toEqual({ key: 'ladder.at_share', values: { percent: 50 } });
  expect(begins({ at_s: 30 })).toEqual({ key: 'ladder.at_seconds', values: { count: 30 } });
  expect(begins({ at_x: null, at_s: 0 })).toEqual({
    key: 'ladder.at_seconds',
    values: { count: 0 },
  });
});

it('says all that changes, the last step asks everybody', () => {
  const keys = USUAL.map((one, n) => changes(one, n, n === 2, names).map((said) => said.key));
  expect(keys).toEqual([
    ['ladder.lower_all', 'ladder.rank'],
    ['ladder.drop_desired', 'ladder.rank'],
    ['ladder.substitutes', 'ladder.everybody', 'ladder.related'],
  ]);
  const own = { at_s: 1, lower: { sk: 2, cs: 0 }, drop: ['loan'], add_queue_members: ['7'] };
  expect(changes(own, 0, false, names)).toEqual([
    { key: 'ladder.lower_skill', values: { name: 'SK', count: 2 } },
    { key: 'ladder.drop', values: { name: 'LOAN' } },
    { key: 'ladder.rank', values: { rank: 2 } },
    { key: 'ladder.queue', values: { name: 'Q7' } },
  ]);
  expect(changes({ at_s: 1, add_member_rank: 5 }, 0, false, names)[0]?.values).toEqual({ rank: 5 });
});

it('adds a step after the last one', () => {
  expect(nextRung(undefined)).toEqual({ at_x: 0.5 });
  expect(nextRung({ at_x: 0.8 })).toEqual({ at_x: 1.05 });
  expect(nextRung({ at_s: 30 })).toEqual({ at_s: 60 });
});
