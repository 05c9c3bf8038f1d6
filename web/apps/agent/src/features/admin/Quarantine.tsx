// What arrived and could not be read: kept byte for byte, read again after a fix.

import { useTranslation } from 'react-i18next';
import { size } from '@i18n/format';
import { Button } from '@ui/Button';
import { Chip } from '@ui/Small';
import { useLanguage, useWorkspace } from '@agent/data/hooks';
import { Ago } from '@agent/parts/Marks';
import { Named, Table } from './Table';
import { AdminPage, useRowsOf, useSave } from './list';

interface ArrivalRow {
  id: string;
  account_id: string;
  account?: string;
  key?: string;
  size: number;
  received_at: string;
  error: string | null;
  tries: number;
}

export function Quarantine() {
  const { t } = useTranslation();
  const language = useLanguage();
  const { store } = useWorkspace();
  const list = useRowsOf<ArrivalRow>('/v1/arrivals?state=quarantined');
  const { busy, client, save } = useSave();
  return (
    <AdminPage
      title={t('admin.quarantine')}
      hint={t('quarantine.hint')}
      empty={t('quarantine.none')}
      list={list}
    >
      <Table
        rows={list.rows}
        columns={[
          {
            head: t('quarantine.arrived'),
            show: (row) => (
              <Named
                name={row.account ?? store.get('account', row.account_id)?.name ?? ''}
                hint={<Ago at={row.received_at} />}
              />
            ),
          },
          {
            head: t('quarantine.why'),
            show: (row) => (
              <Chip tone="warn" icon="alert">
                {t(`quarantine.error.${row.error}`, {
                  defaultValue: (row.error ?? '').replaceAll('_', ' '),
                })}
              </Chip>
            ),
          },
          {
            head: t('quarantine.size'),
            wide: true,
            look: 'figures',
            show: (row) => size(language, row.size),
          },
        ]}
        actions={(row) => (
          <Button
            small
            icon="refresh"
            busy={busy}
            onClick={() =>
              void save(
                () => client.post(`/v1/arrivals/${row.id}/read_again`),
                t('quarantine.queued'),
              )
            }
          >
            {t('quarantine.again')}
          </Button>
        )}
      />
    </AdminPage>
  );
}
