// The form of a channel: secrets apart, defaults in, nothing empty sent.
import { expect, it } from 'vitest';
import { helpOf, partition, startValues, titleOf, type Schema } from './schema';

const schema: Schema = {
  properties: {
    host: { type: 'string', 'x-title': { en: 'Host', cs: 'Server' } },
    port: { type: 'integer', default: 993 },
    password: { type: 'string', 'x-secret': true, default: 'never' },
    note: { type: 'string', description: 'Anything' },
  },
};

it('starts with defaults and known values, but never with a secret', () => {
  expect(startValues(schema, { host: 'mail' })).toEqual({ host: 'mail', port: 993 });
});

it('sends secrets apart and only when they were typed', () => {
  expect(partition(schema, { host: 'mail', port: 993, password: 'x', note: '' })).toEqual({
    settings: { host: 'mail', port: 993 },
    secrets: { password: 'x' },
  });
  expect(partition(schema, { host: 'mail', password: '' }).secrets).toEqual({});
});

it('speaks the language of the reader and falls back to a readable name', () => {
  const properties = schema.properties ?? {};
  expect(titleOf('host', properties.host ?? {}, 'cs')).toBe('Server');
  expect(titleOf('host', properties.host ?? {}, 'pl')).toBe('Host');
  expect(titleOf('size_limit', {}, 'cs')).toBe('size limit');
  expect(helpOf(properties.note ?? {}, 'cs')).toBe('Anything');
});
