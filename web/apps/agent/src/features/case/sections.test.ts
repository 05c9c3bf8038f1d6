// How the one stream is cut into days, sections and what is new.
import { expect, it } from 'vitest';
import type { Interaction, Message } from '@api/types';
import { linesOf } from './sections';

const message = (id: string, fields: Partial<Message>): Message =>
  ({
    id,
    version: 1,
    position: Number(id),
    kind: 'in',
    interaction_id: 'mail',
    author: { kind: 'customer', id: 'k', name: 'K' },
    at: '2026-03-01T10:00:00Z',
    facts: {},
    ...fields,
  }) as Message;
const interactions = [{ id: 'mail' }, { id: 'chat' }] as Interaction[];
const shape = (messages: Message[], read?: number): string[] =>
  linesOf(messages, interactions, read).map((line) =>
    line.kind === 'message' ? line.message.id : line.kind,
  );

it('opens a section for each run of one Interaction; notes do not cut it', () => {
  const rows = [
    message('1', {}),
    message('2', { kind: 'note', interaction_id: 'chat' }),
    message('3', {}),
    message('4', { interaction_id: 'chat' }),
  ];
  expect(shape(rows)).toEqual(['day', 'section', '1', '2', '3', 'section', '4']);
});

it('puts the line of what is new once, before the first unread word of the customer', () => {
  const rows = [
    message('1', {}),
    message('2', { kind: 'out' }),
    message('3', {}),
    message('4', {}),
  ];
  expect(shape(rows, 1)).toEqual(['day', 'section', '1', '2', 'new', '3', '4']);
  expect(shape(rows, 4)).not.toContain('new');
  expect(shape(rows, undefined)).not.toContain('new');
});

it('begins anew when the visitor has gone to another page', () => {
  const rows = [
    message('1', { facts: { page: 'https://shop.example/a' } }),
    message('2', { facts: { page: 'https://shop.example/a' } }),
    message('3', { facts: { page: 'https://shop.example/b' } }),
  ];
  const lines = linesOf(rows, interactions, undefined);
  const joined = lines.flatMap((line) => (line.kind === 'message' ? [line.follows] : []));
  expect(joined).toEqual([false, true, false]);
});

it('joins lines of one author within five minutes', () => {
  const rows = [
    message('1', {}),
    message('2', { at: '2026-03-01T10:03:00Z' }),
    message('3', { at: '2026-03-01T10:30:00Z' }),
  ];
  const joined = linesOf(rows, interactions, undefined).filter((line) => line.kind === 'message');
  expect(joined.map((line) => line.kind === 'message' && line.follows)).toEqual([
    false,
    true,
    false,
  ]);
});
