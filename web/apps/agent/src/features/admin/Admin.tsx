// The set-up pages: people, places, channels, rules and what could not be read.

import { useEffect, useRef, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Icon, type IconName } from '@ui/Icon';
import { Scroll } from '@ui/Scroll';
import { useSetup } from '@agent/data/hooks';
import { href } from '@agent/data/router';
import { adminGroups } from '@agent/parts/rights';
import { Articles } from './Articles';
import { Audit } from './Audit';
import { Brands } from './Brands';
import { Capacity } from './Capacity';
import { Channels } from './Channels';
import { Configuration } from './Configuration';
import { Departments } from './Departments';
import { Escalation } from './Escalation';
import { Events } from './Events';
import { Guide } from './Guide';
import { HealthPage } from './HealthPage';
import { Hours } from './Hours';
import { Kinds } from './Kinds';
import { Macros } from './Macros';
import { People } from './People';
import { Quarantine } from './Quarantine';
import { Queues } from './Queues';
import { Roles } from './Roles';
import { Rules } from './Rules';
import { Skills } from './Skills';
import { Snippets } from './Snippets';
import { Statuses } from './Statuses';
import { Targets } from './Targets';
import { WidgetPage } from './WidgetPage';
import './admin.css';

const PAGES: Record<string, { icon: IconName; show: () => ReactNode }> = {
  guide: { icon: 'flag', show: () => <Guide /> },
  people: { icon: 'users', show: () => <People /> },
  roles: { icon: 'lock', show: () => <Roles /> },
  departments: { icon: 'building', show: () => <Departments /> },
  statuses: { icon: 'pause', show: () => <Statuses /> },
  skills: { icon: 'skill', show: () => <Skills /> },
  queues: { icon: 'inbox', show: () => <Queues /> },
  capacity: { icon: 'tray', show: () => <Capacity /> },
  hours: { icon: 'clock', show: () => <Hours /> },
  targets: { icon: 'checks', show: () => <Targets /> },
  escalation: { icon: 'bell', show: () => <Escalation /> },
  rules: { icon: 'rules', show: () => <Rules /> },
  kinds: { icon: 'checks', show: () => <Kinds /> },
  events: { icon: 'bolt', show: () => <Events /> },
  channels: { icon: 'mail', show: () => <Channels /> },
  widget: { icon: 'chat', show: () => <WidgetPage /> },
  brands: { icon: 'star', show: () => <Brands /> },
  quarantine: { icon: 'shield', show: () => <Quarantine /> },
  snippets: { icon: 'quote', show: () => <Snippets /> },
  articles: { icon: 'file', show: () => <Articles /> },
  macros: { icon: 'bolt', show: () => <Macros /> },
  configuration: { icon: 'code', show: () => <Configuration /> },
  audit: { icon: 'eye', show: () => <Audit /> },
  health: { icon: 'checks', show: () => <HealthPage /> },
};

export function Admin({ page }: { page: string | undefined }) {
  const { t } = useTranslation();
  const { me } = useSetup();
  const groups = adminGroups(me);
  const open = groups.flatMap((group) => group.pages);
  const usual = open.includes('people') ? 'people' : open[0];
  const id = page ?? usual ?? '';
  const chosen = PAGES[id];
  const nav = useRef<HTMLElement>(null);
  useEffect(() => {
    nav.current
      ?.querySelector('[aria-current]')
      ?.scrollIntoView({ block: 'nearest', inline: 'center' });
  }, [id]);
  return (
    <div className="admin">
      <nav ref={nav} className="admin-nav scroll" aria-label={t('word.admin')}>
        <p className="admin-title">{t('word.admin')}</p>
        {groups.map((group) => (
          <div
            key={group.id}
            className="admin-group"
            role="group"
            aria-label={t(`admin.group.${group.id}`)}
          >
            <p className="admin-group-name" aria-hidden="true">
              {t(`admin.group.${group.id}`)}
            </p>
            {group.pages.map((one) => (
              <a
                key={one}
                href={href('admin', one)}
                className="admin-link"
                aria-current={one === id ? 'page' : undefined}
              >
                <Icon name={PAGES[one]?.icon ?? 'file'} size={17} />
                {t(`admin.${one}`)}
              </a>
            ))}
          </div>
        ))}
      </nav>
      <Scroll className="admin-page" key={id} label={chosen && t(`admin.${id}`)}>
        <div className="admin-inner">{chosen?.show()}</div>
      </Scroll>
    </div>
  );
}
