// Pasted lines become people, each once; what is no person is told.
import { expect, it } from 'vitest';
import { linesOf } from './invitations';

it('reads names and addresses however they were copied', () => {
  const text = [
    'Jana Nová <Jana@Example.com>',
    '"Novák, Petr" <petr.novak@example.com>',
    'Eva Malá\teva@example.com',
    'jan.zelený@example.com;',
    'jana@example.com',
    '',
    'nobody',
  ].join('\n');
  expect(linesOf(text)).toEqual({
    good: [
      { name: 'Jana Nová', email: 'jana@example.com' },
      { name: 'Novák Petr', email: 'petr.novak@example.com' },
      { name: 'Eva Malá', email: 'eva@example.com' },
      { name: 'Jan Zelený', email: 'jan.zelený@example.com' },
    ],
    bad: ['nobody'],
  });
});
