// What is sent when a customer's details were edited.

import { expect, test } from 'vitest';
import { changed } from './Attributes';

test('only what differs is told, and what went is told as null', () => {
  const was = { Meter: '77', Plan: 'Green', Zone: 'D25d' };
  const now = [
    { name: 'Meter', value: '77' },
    { name: 'Plan', value: 'Blue ' },
    { name: 'Contact', value: 'after ten' },
  ];
  expect(changed(was, now)).toEqual({ Plan: 'Blue', Zone: null, Contact: 'after ten' });
});

test('an emptied value takes the detail away, a nameless row is nothing', () => {
  const now = [
    { name: 'Meter', value: ' ' },
    { name: '', value: 'lost' },
  ];
  expect(changed({ Meter: '77' }, now)).toEqual({ Meter: null });
  expect(changed({}, now)).toEqual({});
});
