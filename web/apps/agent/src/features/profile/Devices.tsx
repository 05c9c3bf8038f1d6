// Devices that are told while nobody looks: this one on or off, the others by name.

import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { mediumTime } from '@i18n/format';
import { Button, IconButton } from '@ui/Button';
import { Icon } from '@ui/Icon';
import { useAct } from '@agent/data/act';
import { useLanguage, useWorkspace } from '@agent/data/hooks';
import { canPush, subscribe, type Subscribed } from '@agent/parts/push';

interface Device {
  id: string;
  device: string;
  made_at: string;
  pushed_at: string | null;
}

interface Answer {
  devices: Device[];
}

function Row({ device, onDrop }: { device: Device; onDrop: () => void }) {
  const { t } = useTranslation();
  const language = useLanguage();
  return (
    <li className="row">
      <Icon name="phone" size={16} />
      <span className="grow">
        <span className="cut">{device.device || t('push.unnamed')}</span>
        <span className="menu-hint">
          {device.pushed_at
            ? t('push.last', { time: mediumTime(language, Date.parse(device.pushed_at)) })
            : t('push.never')}
        </span>
      </span>
      <IconButton icon="trash" size={16} label={t('push.drop')} onClick={onDrop} />
    </li>
  );
}

export function Devices() {
  const { t } = useTranslation();
  const { client } = useWorkspace();
  const { busy, run } = useAct();
  const [denied, setDenied] = useState(false);
  const query = useQuery({
    queryKey: ['devices'],
    queryFn: () => client.get<Answer>('/v1/me/push'),
  });
  const reload = (): void => void query.refetch();
  const switchOn = (): void =>
    void run(async () => {
      const told: Subscribed = await subscribe(client);
      setDenied(told === 'denied');
      reload();
    });
  const devices = query.data?.devices ?? [];
  return (
    <section className="card form-card stack">
      <h2>{t('push.title')}</h2>
      <p className="soft small">{t('push.hint')}</p>
      {devices.length > 0 && (
        <ul className="stack">
          {devices.map((one) => (
            <Row
              key={one.id}
              device={one}
              onDrop={() => void run(() => client.delete(`/v1/me/push/${one.id}`)).then(reload)}
            />
          ))}
        </ul>
      )}
      {denied && (
        <p className="small" role="alert">
          {t('push.denied')}
        </p>
      )}
      {canPush() ? (
        <div className="row">
          <Button icon="bell" busy={busy} onClick={switchOn}>
            {t('push.on')}
          </Button>
        </div>
      ) : (
        <p className="small soft">{t('push.cannot')}</p>
      )}
    </section>
  );
}
