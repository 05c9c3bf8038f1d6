// Macros: several steps under one name; built step by step, shown as they will run.

import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Client } from '@api/client';
import type { Macro, MacroStep } from '@api/types';
import { Button } from '@ui/Button';
import { TextField } from '@ui/Field';
import { useLanguage, useSetup } from '@agent/data/hooks';
import { MacroSteps } from '@agent/parts/MacroSteps';
import { EditDialog } from './EditDialog';
import { AdminPage, seen, useEditing, useRowsOf } from './list';
import { complete, StepsField } from './MacroFields';
import { owned, OwnerFields, ownerOf, RowActions, ScopeChip } from './shelf';
import { Named, Table } from './Table';

const PATH = '/v1/macros';

function Shown({ steps }: { steps: readonly MacroStep[] }) {
  const language = useLanguage();
  const { queues, colleagues } = useSetup();
  return (
    <MacroSteps steps={steps} values={{}} language={language} queues={queues} people={colleagues} />
  );
}

function MacroDialog({ row, onClose }: { row?: Macro; onClose: () => void }) {
  const { t } = useTranslation();
  const [name, setName] = useState(row?.name ?? '');
  const [steps, setSteps] = useState<MacroStep[]>(row?.steps ?? []);
  const [owner, setOwner] = useState(ownerOf(row, 'all'));
  const save = (client: Client): Promise<unknown> => {
    const body = { name: name.trim(), steps, ...owned(owner) };
    return row
      ? client.patch(`${PATH}/${row.id}`, { body, headers: seen(row) })
      : client.post(PATH, { body });
  };
  return (
    <EditDialog
      wide
      title={t(row ? 'macro.edit' : 'macro.new')}
      ready={name.trim() !== '' && steps.length > 0 && steps.every(complete)}
      save={save}
      onClose={onClose}
    >
      <TextField
        label={t('snippet.name')}
        value={name}
        maxLength={200}
        onChange={(event) => setName(event.target.value)}
      />
      <OwnerFields owner={owner} onChange={setOwner} />
      <StepsField steps={steps} onChange={setSteps} />
      {steps.length > 0 && (
        <div>
          <p className="tiny soft">{t('snippet.preview')}</p>
          <Shown steps={steps} />
        </div>
      )}
    </EditDialog>
  );
}

export function Macros() {
  const { t } = useTranslation();
  const list = useRowsOf<Macro>(PATH);
  const { editing, add, edit, close } = useEditing<Macro>();
  return (
    <AdminPage
      title={t('admin.macros')}
      hint={t('macro.hint')}
      empty={t('macro.none')}
      list={list}
      action={
        <Button look="primary" icon="plus" onClick={add}>
          {t('macro.new')}
        </Button>
      }
      dialogs={editing && <MacroDialog row={editing.row} onClose={close} />}
    >
      <Table
        rows={list.rows}
        columns={[
          {
            head: t('snippet.name'),
            by: (row) => row.name,
            show: (row) => <Named name={row.name} />,
          },
          { head: t('macro.steps'), wide: true, show: (row) => <Shown steps={row.steps} /> },
          { head: t('snippet.scope'), show: (row) => <ScopeChip row={row} /> },
        ]}
        actions={(row) => (
          <RowActions path={PATH} row={row} name={row.name} onEdit={() => edit(row)} />
        )}
      />
    </AdminPage>
  );
}
