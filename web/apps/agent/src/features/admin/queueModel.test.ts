// Times of a queue are minutes for people and seconds for the server; what is empty stays usual.
import { expect, it } from 'vitest';
import { bodyOf, draftOf } from './queueModel';

it('comes back as it was', () => {
  const row = {
    id: '1',
    name: 'Calls',
    department_id: 'd',
    channels: ['email'],
    wrap_up_s: 30,
    weight_milli: 1500,
    offer_timeout_s: { chat: 20 },
    targets: { email: { first_response_s: 5400, resolution_s: null } },
    signature: { en: 'Yours' },
    calendar_id: 'c',
  };
  const body = bodyOf(draftOf(row, ''));
  expect(body).toMatchObject({
    wrap_up_s: 30,
    weight_milli: 1500,
    offer_timeout_s: { chat: 20 },
    targets: { email: { first_response_s: 5400 } },
    signature: { en: 'Yours' },
    calendar_id: 'c',
  });
});

it('leaves empty fields to what is usual', () => {
  const body = bodyOf({ ...draftOf(undefined, 'd'), name: 'New', signature: { en: ' ' } });
  expect(body).toMatchObject({
    calendar_id: null,
    offer_timeout_s: {},
    targets: {},
    signature: null,
    weight_milli: 1000,
  });
});

it('keeps a ladder, related queues and the reserve, also what no field shows', () => {
  const row = {
    id: '1',
    name: 'Calls',
    department_id: 'd',
    requirements: [{ skill: 'sk', min_level: 3, kind: 'required', substitutes: [] }],
    ladder: [{ at_s: 30, lower: { sk: 2 }, add_queue_members: ['q'] }],
    related: ['r'],
    skip_if_nobody: false,
    ordering: 'fifo',
    reserve: { agents: 0 },
  };
  const { id: _id, department_id: _home, ...same } = row;
  expect(bodyOf(draftOf(row, ''))).toMatchObject(same);
  expect(bodyOf(draftOf(undefined, 'd'))).toMatchObject({
    ladder: null,
    reserve: null,
    ordering: 'score',
    skip_if_nobody: true,
  });
});
