// The top bar: search, the state of the line, presence and the person.

import { useTranslation } from 'react-i18next';
import { Icon } from '@ui/Icon';
import { Face } from '@ui/Small';
import { Menu } from '@ui/Menu';
import { useCell, useSetup, useWorkspace } from '@agent/data/hooks';
import { go, href } from '@agent/data/router';
import { Presence } from '@agent/features/presence/Presence';
import { Search } from '@agent/features/search/Search';

function LineDot() {
  const { t } = useTranslation();
  const { connection } = useWorkspace();
  const state = useCell(connection);
  const words = t(`line.${state}`);
  return <span className={`line-dot line-${state}`} title={words} role="img" aria-label={words} />;
}

export function TopBar({ onSignOut }: { onSignOut: () => void }) {
  const { t } = useTranslation();
  const { me } = useSetup();
  return (
    <header className="top-bar">
      <Search />
      <span className="grow" />
      <LineDot />
      <Presence />
      <Menu
        label={t('profile.menu')}
        side="right"
        className="person-button"
        button={
          <>
            <Face name={me.name} size="small" />
            <Icon name="down" size={14} />
          </>
        }
        items={[
          {
            id: 'profile',
            label: t('profile.title'),
            hint: me.name,
            icon: 'user',
            onSelect: () => go(href('profile')),
          },
          'line',
          { id: 'out', label: t('profile.sign_out'), icon: 'exit', onSelect: onSignOut },
        ]}
      />
    </header>
  );
}
