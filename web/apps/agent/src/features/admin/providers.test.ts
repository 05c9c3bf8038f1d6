// The guess of a provider: known ones exactly, others by the usual names, nothing for no address.
import { describe, expect, it } from 'vitest';
import { guess } from './providers';

describe('the servers of an address', () => {
  it('are those of the provider, Czech, Polish and Russian ones too', () => {
    expect(guess('Jana@Seznam.cz')?.settings).toMatchObject({
      imap_host: 'imap.seznam.cz',
      smtp_host: 'smtp.seznam.cz',
      smtp_security: 'tls',
    });
    expect(guess('a@op.pl')?.settings.imap_host).toBe('imap.poczta.onet.pl');
    expect(guess('a@bk.ru')).toMatchObject({ appPassword: true, known: true });
  });

  it('are the usual names for a company of its own', () => {
    expect(guess('info@lumen.example')).toMatchObject({
      known: false,
      settings: { imap_host: 'imap.lumen.example', smtp_port: 587, smtp_security: 'starttls' },
    });
  });

  it.each(['', 'a', 'a@', '@b.cz', 'a@b'])('are unknown for %j', (text) => {
    expect(guess(text)).toBeUndefined();
  });
});
