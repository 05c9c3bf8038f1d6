// Mail providers people use here: from an address to the servers it is read and sent by.

interface Provider {
  domains: readonly string[];
  imap: string;
  smtp: string;
  /** 465 = TLS from the first byte, 587 = STARTTLS. */
  port: 465 | 587;
  /** The provider wants a password made for programs. */
  appPassword?: boolean;
}

const PROVIDERS: readonly Provider[] = [
  {
    domains: ['seznam.cz', 'email.cz', 'post.cz', 'spoluzaci.cz'],
    imap: 'imap.seznam.cz',
    smtp: 'smtp.seznam.cz',
    port: 465,
  },
  {
    domains: ['centrum.cz', 'centrum.sk', 'atlas.cz'],
    imap: 'imap.centrum.cz',
    smtp: 'smtp.centrum.cz',
    port: 587,
  },
  { domains: ['volny.cz'], imap: 'imap.volny.cz', smtp: 'smtp.volny.cz', port: 465 },
  { domains: ['wp.pl'], imap: 'imap.wp.pl', smtp: 'smtp.wp.pl', port: 465 },
  { domains: ['o2.pl', 'tlen.pl'], imap: 'poczta.o2.pl', smtp: 'poczta.o2.pl', port: 465 },
  {
    domains: ['onet.pl', 'op.pl', 'vp.pl', 'poczta.onet.pl'],
    imap: 'imap.poczta.onet.pl',
    smtp: 'smtp.poczta.onet.pl',
    port: 465,
  },
  {
    domains: ['interia.pl', 'interia.eu', 'poczta.fm'],
    imap: 'poczta.interia.pl',
    smtp: 'poczta.interia.pl',
    port: 465,
  },
  {
    domains: ['mail.ru', 'bk.ru', 'inbox.ru', 'list.ru'],
    imap: 'imap.mail.ru',
    smtp: 'smtp.mail.ru',
    port: 465,
    appPassword: true,
  },
  {
    domains: ['yandex.ru', 'yandex.com', 'ya.ru'],
    imap: 'imap.yandex.com',
    smtp: 'smtp.yandex.com',
    port: 465,
    appPassword: true,
  },
  {
    domains: ['rambler.ru', 'lenta.ru', 'ro.ru'],
    imap: 'imap.rambler.ru',
    smtp: 'smtp.rambler.ru',
    port: 465,
  },
  {
    domains: ['gmail.com', 'googlemail.com'],
    imap: 'imap.gmail.com',
    smtp: 'smtp.gmail.com',
    port: 465,
    appPassword: true,
  },
  {
    domains: ['icloud.com', 'me.com', 'mac.com'],
    imap: 'imap.mail.me.com',
    smtp: 'smtp.mail.me.com',
    port: 587,
    appPassword: true,
  },
  {
    domains: ['yahoo.com'],
    imap: 'imap.mail.yahoo.com',
    smtp: 'smtp.mail.yahoo.com',
    port: 465,
    appPassword: true,
  },
  {
    domains: ['fastmail.com'],
    imap: 'imap.fastmail.com',
    smtp: 'smtp.fastmail.com',
    port: 465,
    appPassword: true,
  },
  { domains: ['gmx.net', 'gmx.de'], imap: 'imap.gmx.net', smtp: 'mail.gmx.net', port: 587 },
];

export interface Guess {
  settings: Record<string, string | number>;
  appPassword: boolean;
  /** False: only the usual names for a domain we do not know. */
  known: boolean;
}

/** What to try for an address; undefined while it is none. */
export function guess(address: string): Guess | undefined {
  const [user, domain] = address.trim().toLowerCase().split('@');
  if (!user || !domain?.includes('.')) return undefined;
  const found = PROVIDERS.find((one) => one.domains.includes(domain));
  const port = found?.port ?? 587;
  return {
    known: found !== undefined,
    appPassword: found?.appPassword ?? false,
    settings: {
      imap_host: found?.imap ?? `imap.${domain}`,
      imap_port: 993,
      imap_security: 'tls',
      imap_user: address.trim(),
      smtp_host: found?.smtp ?? `smtp.${domain}`,
      smtp_port: port,
      smtp_security: port === 465 ? 'tls' : 'starttls',
      smtp_user: address.trim(),
    },
  };
}
