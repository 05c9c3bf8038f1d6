// One line of the stream: a mail, a chat bubble or an internal note.

import type { TFunction } from 'i18next';
import { memo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Message } from '@api/types';
import { Icon } from '@ui/Icon';
import { Face } from '@ui/Small';
import { Files } from './Files';
import { Mail } from './Mail';
import { MessageMenu } from './MessageMenu';
import { Rating } from './Rating';
import { splitAt } from './splitAt';
import { Ticks } from './Ticks';
import { Time } from './Time';

interface ItemProps {
  message: Message;
  channel: string;
  follows: boolean;
}

interface NoteFacts {
  mentions?: { name?: string }[];
  consult?: { with: string; name: string };
  whisper_to?: string;
  whisper_name?: string;
  forward?: { to: string[]; count: number };
}

/** What kind of note it is, in words. */
function noteKind(facts: NoteFacts, t: TFunction): string {
  if (facts.whisper_to) return t('note.whisper', { name: facts.whisper_name });
  if (facts.consult) return t('note.consult', { name: facts.consult.name });
  if (facts.forward) return t('note.forward', { to: facts.forward.to.join(', ') });
  return t('note.internal');
}

/** The text with the names of those it mentions set off. */
function Marked({ text, names }: { text: string; names: readonly string[] }) {
  const known = names.filter(Boolean).map((name) => `@${name}`);
  const parts = known.length === 0 ? [text] : splitAt(text, known);
  return (
    <p className="said">
      {parts.map((part, index) =>
        known.includes(part) ? (
          <mark key={index} className="mention">
            {part}
          </mark>
        ) : (
          part
        ),
      )}
    </p>
  );
}

function Note({ message }: { message: Message }) {
  const { t } = useTranslation();
  const [whole, setWhole] = useState(false);
  const facts = message.facts as NoteFacts;
  const names = (facts.mentions ?? []).map((one) => one.name ?? '');
  const missing = names.filter((name) => name && !message.text.includes(`@${name}`));
  return (
    <article className={facts.whisper_to ? 'note-line note-whisper' : 'note-line'}>
      <header className="row tiny">
        <Icon name="lock" size={13} />
        <strong>{noteKind(facts, t)}</strong>
        <span className="cut">{message.author.name}</span>
        <Time at={message.at} />
        <span className="grow" />
        <MessageMenu message={message} />
      </header>
      {message.text && <Marked text={message.text} names={names} />}
      {missing.length > 0 && (
        <p className="tiny">
          {missing.map((name) => (
            <mark key={name} className="mention">{`@${name}`}</mark>
          ))}
        </p>
      )}
      {facts.forward && (
        <>
          <button
            type="button"
            className="link-button tiny"
            aria-expanded={whole}
            onClick={() => setWhole(!whole)}
          >
            <Icon name="eye" size={13} /> {t('note.forward_show')}
          </button>
          {whole && <p className="said small">{message.text_full}</p>}
          <Files message={message} />
          {message.delivery && <Ticks delivery={message.delivery} />}
        </>
      )}
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
        <MessageMenu message={message} />
      </header>
      <div className="mail-body">
        <Mail message={message} />
        <Files message={message} />
      </div>
      {message.delivery && <Ticks delivery={message.delivery} />}
    </article>
  );
}

/** Of an address of the site what tells its pages apart; the whole stands in the tooltip. */
const pathOf = (page: string): string => (URL.canParse(page) ? new URL(page).pathname : page);

function Bubble({ message, follows }: { message: Message; follows: boolean }) {
  const { t } = useTranslation();
  const out = message.kind === 'out';
  const page = typeof message.facts.page === 'string' ? message.facts.page : '';
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
            {page && (
              <span className="cut" title={page}>
                {t('chat.page', { page: pathOf(page) })}
              </span>
            )}
          </header>
        )}
        {message.text && (
          <div className="row bubble-row">
            <p className="bubble said">{message.text}</p>
            <MessageMenu message={message} />
          </div>
        )}
        <Files message={message} />
        {out && message.delivery && <Ticks delivery={message.delivery} />}
      </div>
    </article>
  );
}

export const Item = memo(function Item({ message, channel, follows }: ItemProps) {
  if (message.kind === 'system' && (message.facts as { code?: unknown }).code === 'rating')
    return <Rating message={message} />;
  if (message.kind === 'note') return <Note message={message} />;
  if (channel === 'email') return <MailCard message={message} />;
  return <Bubble message={message} follows={follows} />;
});
