// The menu of one Message: quote, copy, link, forward, source, report, hide.

import type { TFunction } from 'i18next';
import { lazy, Suspense, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Message } from '@api/types';
import { Icon } from '@ui/Icon';
import { Menu, type MenuItem } from '@ui/Menu';
import { toasts } from '@ui/Toasts';
import { href } from '@agent/data/router';
import { QUOTED } from '@agent/parts/quoted';
import { ask } from './asked';

const Source = lazy(async () => ({ default: (await import('./Source')).Source }));

export function MessageMenu({ message }: { message: Message }) {
  const { t } = useTranslation();
  const [source, setSource] = useState(false);
  const items = () => itemsOf(message, t, () => setSource(true));
  return (
    <div className="message-menu">
      <Menu
        label={t('message.menu', { name: message.author.name })}
        side="right"
        className="icon-button icon-button-small"
        button={<Icon name="more" size={15} />}
        items={items}
      />
      {source && message.arrival_id && (
        <Suspense fallback={null}>
          <Source arrival={message.arrival_id} onClose={() => setSource(false)} />
        </Suspense>
      )}
    </div>
  );
}

function itemsOf(message: Message, t: TFunction, showSource: () => void): MenuItem[] {
  const copy = (text: string, done: string): void =>
    void navigator.clipboard
      .writeText(text)
      .then(() => toasts.show({ text: done }))
      .catch(() => toasts.show({ text }));
  const address = `${location.origin}${location.pathname}${href('case', message.case_id, 'message', message.id)}`;
  const said = message.kind === 'in' || message.kind === 'out';
  const items: (MenuItem | false)[] = [
    said && {
      id: 'quote',
      label: t('message.quote'),
      icon: 'quote',
      onSelect: () =>
        window.dispatchEvent(
          new CustomEvent(QUOTED, {
            detail: { text: message.text, name: message.author.name, at: message.at },
          }),
        ),
    },
    {
      id: 'copy',
      label: t('message.copy'),
      icon: 'file',
      onSelect: () => copy(message.text, t('message.copied')),
    },
    {
      id: 'link',
      label: t('message.link'),
      icon: 'globe',
      onSelect: () => copy(address, t('case.link_copied')),
    },
    said && {
      id: 'forward',
      label: t('action.forward'),
      icon: 'out',
      onSelect: () => ask('forward', message),
    },
    message.arrival_id !== null && {
      id: 'source',
      label: t('mail.source'),
      icon: 'code',
      onSelect: showSource,
    },
    message.kind === 'in' && {
      id: 'report',
      label: t('message.report'),
      icon: 'flag',
      onSelect: () => ask('help', message),
    },
  ];
  return items.filter((one): one is MenuItem => one !== false);
}
