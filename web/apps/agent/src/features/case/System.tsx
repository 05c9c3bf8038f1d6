// System lines: what happened to the matter, one line each; longer runs are folded.

import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Message } from '@api/types';
import { Icon } from '@ui/Icon';
import { worded } from '@i18n/format';
import { useLanguage, useNames } from '@agent/data/hooks';
import { ask } from './asked';
import { Time } from './Time';

const FOLDED = 3;

function One({ message }: { message: Message }) {
  const { t } = useTranslation();
  const names = useNames();
  const language = useLanguage();
  const facts = message.facts as Record<string, unknown>;
  const code = typeof facts.code === 'string' ? facts.code : '';
  const values = Object.fromEntries(
    Object.entries(facts).map(([key, value]) => {
      if (value && typeof value === 'object' && !Array.isArray(value))
        return [key, worded(language, value as Record<string, string>, '')];
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
          name: message.author.name,
          defaultValue: message.text || code.replaceAll('_', ' '),
        })}
      </span>
      <Time at={message.at} />
    </div>
  );
}

export function SystemLines({ messages }: { messages: readonly Message[] }) {
  const { t } = useTranslation();
  const [open, setOpen] = useState(false);
  const newest = messages.at(-1);
  if (messages.length < FOLDED || open) {
    return (
      <>
        {messages.map((message) => (
          <One key={message.id} message={message} />
        ))}
        {open && (
          <div className="system-line">
            <button type="button" className="link-button tiny" onClick={() => ask('why')}>
              <Icon name="question" size={13} /> {t('action.why')}
            </button>
          </div>
        )}
      </>
    );
  }
  return (
    <>
      <div className="system-line">
        <button
          type="button"
          className="link-button tiny"
          aria-expanded={false}
          onClick={() => setOpen(true)}
        >
          {t('system.more', { count: messages.length - 1 })}
        </button>
      </div>
      {newest && <One message={newest} />}
    </>
  );
}
