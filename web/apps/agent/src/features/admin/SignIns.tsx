// Where a person is signed in: which device, from which address, last seen; one or all can be ended.

import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { mediumTime } from '@i18n/format';
import { Async } from '@ui/Async';
import { Button } from '@ui/Button';
import { Dialog } from '@ui/Dialog';
import { Icon } from '@ui/Icon';
import { Chip } from '@ui/Small';
import { asError } from '@agent/data/act';
import { useLanguage, useNow, useWorkspace } from '@agent/data/hooks';
import { Ago } from '@agent/parts/Marks';
import { deviceName } from './device';
import { SESSION_SOON_MS } from './expiry';
import { useSave } from './list';

interface SignInRow {
  id: string;
  created_at: string;
  seen_at: string;
  expires_at: string;
  strong: boolean;
  address: string | null;
  device: string | null;
  current: boolean;
}

function Line({ row, onEnd, busy }: { row: SignInRow; onEnd: () => void; busy: boolean }) {
  const { t } = useTranslation();
  const language = useLanguage();
  const now = useNow(60_000);
  const ends = Date.parse(row.expires_at);
  const device = deviceName(row.device ?? '') || t('signins.unknown');
  return (
    <li className="row sign-in-row">
      <Icon name={/Android|iPhone|iPad/.test(device) ? 'phone' : 'panel'} size={18} />
      <span className="grow stack-tight">
        <span className="row wrap">
          <strong title={row.device ?? undefined}>{device}</strong>
          {row.current && <Chip tone="accent">{t('signins.this')}</Chip>}
          {row.strong && (
            <Chip tone="good" icon="shield">
              {t('signins.strong')}
            </Chip>
          )}
        </span>
        <span className="tiny soft">
          {t('signins.seen')} <Ago at={row.seen_at} />
          {row.address && ` · ${row.address}`}
        </span>
        <span className="tiny soft">
          {t('signins.since', { at: mediumTime(language, Date.parse(row.created_at)) })}
          {' · '}
          <span className={ends < now + SESSION_SOON_MS ? 'light-warn' : undefined}>
            {t('signins.until', { at: mediumTime(language, ends) })}
          </span>
        </span>
      </span>
      <Button small busy={busy} aria-label={t('signins.end_device', { device })} onClick={onEnd}>
        {t('signins.end')}
      </Button>
    </li>
  );
}

export function SignIns({
  person,
  onClose,
}: {
  person: { id: string; name: string };
  onClose: () => void;
}) {
  const { t } = useTranslation();
  const { client } = useWorkspace();
  const path = `/v1/people/${person.id}/sign_ins`;
  const query = useQuery({
    queryKey: ['admin', 'sign_ins', person.id],
    queryFn: () => client.get<{ items: SignInRow[] }>(path),
  });
  const { busy, save } = useSave();
  const rows = query.data?.items ?? [];
  const end = (row?: SignInRow): void =>
    void save(
      () => client.delete(row ? `${path}?sign_in_id=${row.id}` : path),
      t(row ? 'signins.ended' : 'signins.ended_all'),
    );
  return (
    <Dialog
      title={t('signins.title', { name: person.name })}
      onClose={onClose}
      actions={
        <>
          {rows.length > 0 && (
            <Button look="danger" busy={busy} onClick={() => end()}>
              {t('signins.end_all')}
            </Button>
          )}
          <Button look="primary" onClick={onClose}>
            {t('ui.close')}
          </Button>
        </>
      }
    >
      <Async
        loading={query.isLoading}
        error={asError(query.error)}
        retry={() => void query.refetch()}
        empty={rows.length === 0}
        nothing={{ title: t('signins.none'), icon: 'lock' }}
      >
        <ul className="plain-list">
          {rows.map((row) => (
            <Line key={row.id} row={row} busy={busy} onEnd={() => end(row)} />
          ))}
        </ul>
      </Async>
    </Dialog>
  );
}
