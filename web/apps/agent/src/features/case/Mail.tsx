// An e-mail in the stream: what was written now; quotes, original and source one click away.

import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Message } from '@api/types';
import { Async, type PanelError } from '@ui/Async';
import { Icon } from '@ui/Icon';
import { Chip } from '@ui/Small';
import { asError } from '@agent/data/act';
import { useWorkspace } from '@agent/data/hooks';
import { Source } from './Source';

function Original({ message }: { message: Message }) {
  const { t } = useTranslation();
  const workspace = useWorkspace();
  const [url, setUrl] = useState<string>();
  const [error, setError] = useState<PanelError | null>(null);
  useEffect(() => {
    let here = true;
    workspace
      .link(message, 'mail', message.id)
      .then((found) => here && setUrl(found))
      .catch((reason: unknown) => here && setError(asError(reason)));
    return () => {
      here = false;
    };
  }, [workspace, message]);
  return (
    <Async loading={!url} error={error}>
      <iframe
        className="mail-frame"
        title={t('mail.original_of', { name: message.author.name })}
        sandbox="allow-popups allow-popups-to-escape-sandbox"
        referrerPolicy="no-referrer"
        src={url}
      />
    </Async>
  );
}

/** What the sender could prove, in one word: the machine's verdicts on hover. */
function Trust({ message }: { message: Message }) {
  const { t } = useTranslation();
  const trust = message.facts.trust ?? message.facts.proven;
  if (trust === undefined || trust === null) return null;
  const record =
    typeof trust === 'object' ? (trust as Record<string, unknown>) : { verdict: trust };
  const words = Object.entries(record)
    .map(([name, value]) => `${name}: ${String(value)}`)
    .join(' · ');
  const good = Object.values(record).some((value) => value === 'pass' || value === true);
  return (
    <Chip tone={good ? 'good' : 'plain'} icon="shield" title={words}>
      {t(good ? 'mail.sender_proven' : 'mail.sender_unproven')}
    </Chip>
  );
}

export function Mail({ message }: { message: Message }) {
  const { t } = useTranslation();
  const [quotes, setQuotes] = useState(false);
  const [original, setOriginal] = useState(false);
  const [source, setSource] = useState(false);
  const quoted = Boolean(message.text_full && message.text_full !== message.text);
  return (
    <>
      {original ? (
        <Original message={message} />
      ) : (
        <p className="said">{quotes ? message.text_full : message.text || t('mail.no_text')}</p>
      )}
      <div className="row wrap mail-tools">
        {quoted && !original && (
          <button
            type="button"
            className="link-button"
            aria-expanded={quotes}
            onClick={() => setQuotes(!quotes)}
          >
            <Icon name="quote" size={14} /> {t(quotes ? 'mail.hide_quotes' : 'mail.show_quotes')}
          </button>
        )}
        {message.has_html && (
          <button
            type="button"
            className="link-button"
            aria-expanded={original}
            onClick={() => setOriginal(!original)}
          >
            <Icon name="eye" size={14} /> {t(original ? 'mail.text_only' : 'mail.original')}
          </button>
        )}
        {message.arrival_id && (
          <button type="button" className="link-button" onClick={() => setSource(true)}>
            <Icon name="code" size={14} /> {t('mail.source')}
          </button>
        )}
        <Trust message={message} />
        {message.automated !== 'no' && <Chip icon="refresh">{t('mail.automated')}</Chip>}
        {message.defects.length > 0 && (
          <Chip tone="warn" icon="alert" title={message.defects.join(', ')}>
            {t('mail.defects', { count: message.defects.length })}
          </Chip>
        )}
      </div>
      {source && message.arrival_id && (
        <Source arrival={message.arrival_id} onClose={() => setSource(false)} />
      )}
    </>
  );
}
