// The set-up pages: people, places, channels, rules and what could not be read.

import { useEffect, useRef, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Icon, type IconName } from '@ui/Icon';
import { Scroll } from '@ui/Scroll';
import { href } from '@agent/data/router';
import { Articles } from './Articles';
import { Brands } from './Brands';
import { Channels } from './Channels';
import { Configuration } from './Configuration';
import { Departments } from './Departments';
import { Guide } from './Guide';
import { Macros } from './Macros';
import { People } from './People';
import { Quarantine } from './Quarantine';
import { Queues } from './Queues';
import { Rules } from './Rules';
import { Skills } from './Skills';
import { Snippets } from './Snippets';
import { WidgetPage } from './WidgetPage';
import './admin.css';

const PAGES: { id: string; icon: IconName; show: () => ReactNode }[] = [
  { id: 'guide', icon: 'flag', show: () => <Guide /> },
  { id: 'people', icon: 'users', show: () => <People /> },
  { id: 'departments', icon: 'building', show: () => <Departments /> },
  { id: 'queues', icon: 'inbox', show: () => <Queues /> },
  { id: 'skills', icon: 'skill', show: () => <Skills /> },
  { id: 'channels', icon: 'mail', show: () => <Channels /> },
  { id: 'widget', icon: 'chat', show: () => <WidgetPage /> },
  { id: 'rules', icon: 'rules', show: () => <Rules /> },
  { id: 'brands', icon: 'star', show: () => <Brands /> },
  { id: 'configuration', icon: 'file', show: () => <Configuration /> },
  { id: 'snippets', icon: 'star', show: () => <Snippets /> },
  { id: 'articles', icon: 'file', show: () => <Articles /> },
  { id: 'macros', icon: 'bolt', show: () => <Macros /> },
  { id: 'quarantine', icon: 'shield', show: () => <Quarantine /> },
];

export function Admin({ page }: { page: string | undefined }) {
  const { t } = useTranslation();
  const chosen = PAGES.find((one) => one.id === (page ?? 'people'));
  const nav = useRef<HTMLElement>(null);
  useEffect(() => {
    nav.current
      ?.querySelector('[aria-current]')
      ?.scrollIntoView({ block: 'nearest', inline: 'center' });
  }, [chosen]);
  return (
    <div className="admin">
      <nav ref={nav} className="admin-nav scroll" aria-label={t('word.admin')}>
        <p className="admin-title">{t('word.admin')}</p>
        {PAGES.map((one) => (
          <a
            key={one.id}
            href={href('admin', one.id)}
            className="admin-link"
            aria-current={one.id === chosen?.id ? 'page' : undefined}
          >
            <Icon name={one.icon} size={17} />
            {t(`admin.${one.id}`)}
          </a>
        ))}
      </nav>
      <Scroll className="admin-page" key={chosen?.id} label={chosen && t(`admin.${chosen.id}`)}>
        <div className="admin-inner">{chosen?.show()}</div>
      </Scroll>
    </div>
  );
}
