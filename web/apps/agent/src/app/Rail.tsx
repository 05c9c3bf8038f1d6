// The left rail: the places of the workspace.

import { useTranslation } from 'react-i18next';
import { Icon, type IconName } from '@ui/Icon';
import { Mark } from '@ui/Mark';
import { Face } from '@ui/Small';
import { IconButton } from '@ui/Button';
import { useSetup } from '@agent/data/hooks';
import { useSettings } from '@agent/data/settings';
import { configures, may } from '@agent/parts/rights';
import { href } from '@agent/data/router';

const PINNED_PX = 176;

function Place({
  to,
  icon,
  label,
  here,
}: {
  to: string;
  icon: IconName;
  label: string;
  here: boolean;
}) {
  return (
    <a className="rail-link" href={to} aria-current={here ? 'page' : undefined} title={label}>
      <Icon name={icon} size={20} />
      <span className="rail-word">{label}</span>
    </a>
  );
}

export function Rail({ place, onKeys }: { place: string; onKeys: () => void }) {
  const { t } = useTranslation();
  const { me } = useSetup();
  const customers = place === 'customers' || place === 'customer';
  const desk =
    !customers && !['admin', 'profile', 'share', 'search', 'wallboard', 'console'].includes(place);
  const { settings, change } = useSettings();
  const pinned = settings.panels.rail !== undefined;
  return (
    <nav
      className={pinned ? 'rail rail-pinned' : 'rail'}
      data-panel="places"
      aria-label={t('app.places')}
    >
      <span className="rail-mark" aria-hidden="true">
        <Mark size={22} />
      </span>
      <Place to={href('inbox', 'mine')} icon="inbox" label={t('word.inbox')} here={desk} />
      <Place to={href('customers')} icon="users" label={t('word.customers')} here={customers} />
      {(may(me, 'boards') || may(me, 'supervise')) && (
        <Place
          to={href('console')}
          icon="flag"
          label={t('word.console')}
          here={place === 'console'}
        />
      )}
      {may(me, 'boards') && (
        <Place
          to={href('wallboard')}
          icon="chart"
          label={t('word.wallboard')}
          here={place === 'wallboard'}
        />
      )}
      {configures(me) && (
        <Place
          to={href('admin')}
          icon="settings"
          label={t('word.admin')}
          here={place === 'admin'}
        />
      )}
      <span className="grow rail-space" />
      <IconButton
        className="rail-keys"
        icon={pinned ? 'left' : 'right'}
        label={t(pinned ? 'shell.rail_unpin' : 'shell.rail_pin')}
        aria-pressed={pinned}
        onClick={() => change({ panels: { rail: pinned ? null : PINNED_PX } })}
      />
      <IconButton
        className="rail-keys"
        icon="keyboard"
        label={t('keys.title')}
        keys="?"
        onClick={onKeys}
      />
      <a
        className="rail-link rail-me"
        href={href('profile')}
        aria-current={place === 'profile' ? 'page' : undefined}
        title={t('profile.title')}
        aria-label={t('profile.title')}
      >
        <Face name={me.name} size="small" />
      </a>
    </nav>
  );
}
