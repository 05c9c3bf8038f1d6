// Channels that are out of order, on every desk until somebody takes the lever off.

import { useTranslation } from 'react-i18next';
import { Banner } from '@ui/Small';
import type { Outage } from '@agent/data/setup';

export function OutageBars({ outages }: { outages: readonly Outage[] }) {
  const { t } = useTranslation();
  return (
    <>
      {outages.map((one) => (
        <Banner key={one.channel} live tone="warn">
          {t('lever.bar.out', { name: t(`channel.${one.channel}`) })}{' '}
          {one.other && t('lever.bar.instead', { name: t(`channel.${one.other}`) })}
        </Banner>
      ))}
    </>
  );
}
