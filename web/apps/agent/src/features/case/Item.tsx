// One line of the stream: a mail, a chat bubble, an internal note or a system line.

import { memo } from 'react';
import { useTranslation } from 'react-i18next';
import type { Message } from '@api/types';
import { clockTime, fullTime } from '@i18n/format';
import { Icon } from '@ui/Icon';
import { Face } from '@ui/Small';
import { useLanguage, useNames } from '@agent/data/hooks';
import { Files } from './Files';
import { Mail } from './Mail';
import { Ticks } from './Ticks';

interface ItemProps {
  message: Message;
  channel: string;
  follows: boolean;
}

function Time({ at }: { at: string }) {
  const language = useLanguage();
  const moment = Date.parse(at);
  return (
    <time className="tiny soft figures" dateTime={at} title={fullTime(language, moment)}>
      {clockTime(language, moment)}
    </time>
  );
}

function System({ message }: { message: Message }) {
  const { t } = useTranslation();
  const names = useNames();
  const facts = message.facts as Record<string, unknown>;
  const code = typeof facts.code === 'string' ? facts.code : '';
  const values = Object.fromEntries(
    Object.entries(facts).map(([key, value]) => {
      const id = typeof value === 'string' ? value : '';
      if (key === 'from' || key === 'to') {
        return [key, t(`case.state.${id}`, { defaultValue: id })];
      }
      return [
        key,
        names.person(id) || names.queue(id) || names.department(id) || String(value ?? ''),
      ];
    }),
  );
  return (
    <div className="system-line">
      <span>
        {t(`system.${code}`, {
          ...values,
          defaultValue: message.text || code.replaceAll('_', ' '),
        })}
      </span>
      <Time at={message.at} />
    </div>
  );
}

function Note({ message }: { message: Message }) {
  const { t } = useTranslation();
  return (
    <article className="note-line">
      <header className="row tiny">
        <Icon name="lock" size={13} />
        <strong>{t('note.internal')}</strong>
        <span>{message.author.name}</span>
        <Time at={message.at} />
      </header>
      <p className="said">{message.text}</p>
    </article>
  );
}

function MailCard({ message }: { message: Message }) {
  const { t } = useTranslation();
  return (
    <article className={`mail-card mail-${message.kind}`}>
      <header className="row">
        <Face name={message.author.name || '?'} size="small" />
        <span className="grow cut">
          <strong>{message.author.name}</strong>{' '}
          <span className="tiny soft">
            {message.delivery ? t('mail.to', { address: message.delivery.to }) : ''}
          </span>
        </span>
        <Time at={message.at} />
      </header>
      <div className="mail-body">
        <Mail message={message} />
        <Files message={message} />
      </div>
      {message.delivery && <Ticks delivery={message.delivery} />}
    </article>
  );
}

function Bubble({ message, follows }: { message: Message; follows: boolean }) {
  const out = message.kind === 'out';
  return (
    <article
      className={`bubble-line ${out ? 'bubble-out' : 'bubble-in'} ${follows ? 'bubble-follows' : ''}`}
    >
      {!out &&
        (follows ? (
          <span className="bubble-gap" />
        ) : (
          <Face name={message.author.name || '?'} size="small" />
        ))}
      <div className="bubble-column">
        {!follows && (
          <header className="row tiny soft">
            <span className="cut">{message.author.name}</span>
            <Time at={message.at} />
          </header>
        )}
        {message.text && <p className="bubble said">{message.text}</p>}
        <Files message={message} />
        {out && message.delivery && <Ticks delivery={message.delivery} />}
      </div>
    </article>
  );
}

export const Item = memo(function Item({ message, channel, follows }: ItemProps) {
  if (message.kind === 'system') return <System message={message} />;
  if (message.kind === 'note') return <Note message={message} />;
  if (channel === 'email') return <MailCard message={message} />;
  return <Bubble message={message} follows={follows} />;
});
