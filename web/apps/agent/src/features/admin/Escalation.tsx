// What happens when a promise is about to break: ladders with their rungs as sentences.

import { useTranslation } from 'react-i18next';
import { Button, IconButton } from '@ui/Button';
import { EscalationDialog } from './EscalationDialog';
import { Hooks } from './Hooks';
import { OnCall } from './OnCall';
import type { LadderRow } from './escalationModel';
import { AdminPage, seen, useEditing, useRowsOf, useSave } from './list';
import { Table } from './Table';
import { useRungWords } from './useRungWords';
import './rules.css';
import './targets.css';

function Rungs({ row }: { row: LadderRow }) {
  const words = useRungWords();
  return (
    <ol className="rung-list small">
      {row.steps.map((one, at) => (
        <li key={`${at} ${one.action}`}>
          <span className="soft">{words.when(one)}</span> {words.what(one)}
          {words.more(one) && <span className="soft"> ({words.more(one)})</span>}
        </li>
      ))}
    </ol>
  );
}

function Ladders() {
  const { t } = useTranslation();
  const list = useRowsOf<LadderRow>('/v1/escalations');
  const policies = useRowsOf<{ name: string; escalation_id: string | null }>('/v1/sla_policies');
  const { save, client } = useSave();
  const { editing, add, edit, close } = useEditing<LadderRow>();
  const users = (row: LadderRow): string =>
    policies.rows
      .filter((one) => one.escalation_id === row.id)
      .map((one) => one.name)
      .join(', ');
  return (
    <AdminPage
      title={t('admin.escalation')}
      hint={t('escalation.hint')}
      empty={t('escalation.none')}
      list={list}
      action={
        <Button look="primary" icon="plus" onClick={add}>
          {t('escalation.new')}
        </Button>
      }
      dialogs={editing && <EscalationDialog row={editing.row} onClose={close} />}
    >
      <Table
        rows={list.rows}
        columns={[
          {
            head: t('admin.name'),
            by: (row) => row.name,
            show: (row) => <strong>{row.name}</strong>,
          },
          { head: t('escalation.rungs'), wide: true, show: (row) => <Rungs row={row} /> },
          {
            head: t('escalation.used_by'),
            by: users,
            show: (row) => users(row) || <span className="soft">{t('escalation.unused')}</span>,
          },
        ]}
        actions={(row) => (
          <span className="row">
            <IconButton
              icon="edit"
              label={t('admin.edit', { name: row.name })}
              onClick={() => edit(row)}
            />
            {users(row) === '' && (
              <IconButton
                icon="trash"
                label={t('escalation.remove', { name: row.name })}
                onClick={() =>
                  void save(
                    () => client.delete(`/v1/escalations/${row.id}`, { headers: seen(row) }),
                    t('escalation.removed'),
                  )
                }
              />
            )}
          </span>
        )}
      />
    </AdminPage>
  );
}

export function Escalation() {
  return (
    <div className="stack">
      <Ladders />
      <OnCall />
      <Hooks />
    </div>
  );
}
