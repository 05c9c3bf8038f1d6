// The top bar: the palette, the state of the line, what is offered and told, presence, the person.

import { useTranslation } from 'react-i18next';
import { Icon } from '@ui/Icon';
import { Face } from '@ui/Small';
import { Menu } from '@ui/Menu';
import { useCell, useSetup, useWorkspace } from '@agent/data/hooks';
import { go, href } from '@agent/data/router';
import { useKeys } from '@agent/parts/commands';
import { Presence } from '@agent/features/presence/Presence';
import { Bell } from '@agent/features/notices/Bell';
import { Tray } from '@agent/features/offer/Tray';

function LineDot() {
  const { t } = useTranslation();
  const { connection } = useWorkspace();
  const state = useCell(connection);
  const words = t(`line.${state}`);
  return (
    <span className="line" title={words} role="img" aria-label={words}>
      <span className={`line-dot line-${state}`} />
    </span>
  );
}

function PaletteButton({ onOpen }: { onOpen: () => void }) {
  const { t } = useTranslation();
  const keys = useKeys('palette');
  return (
    <button type="button" className="palette-button" onClick={onOpen}>
      <Icon name="search" size={16} />
      <span className="grow cut">{t('palette.open')}</span>
      {keys && <kbd aria-hidden="true">{keys}</kbd>}
    </button>
  );
}

interface TopBarProps {
  onSignOut: () => void;
  onPalette: () => void;
}

export function TopBar({ onSignOut, onPalette }: TopBarProps) {
  const { t } = useTranslation();
  const { me } = useSetup();
  return (
    <header className="top-bar" data-panel="top">
      <PaletteButton onOpen={onPalette} />
      <span className="grow" />
      <LineDot />
      <Tray />
      <Bell />
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
            label: t('command.go_settings'),
            hint: me.name,
            icon: 'user',
            onSelect: () => go(href('profile')),
          },
          {
            id: 'notices',
            label: t('settings.notices'),
            icon: 'bell',
            onSelect: () => go(href('profile', 'notices')),
          },
          'line',
          { id: 'out', label: t('profile.sign_out'), icon: 'exit', onSelect: onSignOut },
        ]}
      />
    </header>
  );
}
