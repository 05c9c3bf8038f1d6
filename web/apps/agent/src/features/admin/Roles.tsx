// Roles: a matrix of rights and roles; the built-in ones stand fast, own ones are ticked here.

import { useQuery } from '@tanstack/react-query';
import { Fragment, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Async } from '@ui/Async';
import { Button } from '@ui/Button';
import { Select } from '@ui/Field';
import { Icon } from '@ui/Icon';
import { Menu, type MenuItem } from '@ui/Menu';
import { asError } from '@agent/data/act';
import { useSetup, useWorkspace } from '@agent/data/hooks';
import { may } from '@agent/parts/rights';
import { RoleDialog, RoleRemoval } from './RoleDialog';
import { brings, roleName, type RoleRow, type RolesAnswer } from './roleModel';
import { SaveBar } from './SaveBar';
import { seen, useSave } from './list';
import { useGrid } from './useGrid';
import './matrix.css';

type Drafts = Record<string, readonly string[]>;

const sameSet = (a: readonly string[], b: readonly string[]): boolean =>
  a.length === b.length && a.every((one) => b.includes(one));

/** What can be done with a role: built-in ones can only be taken as a start. */
function RoleMenu({
  role,
  onEdit,
  onCopy,
  onRemove,
}: {
  role: RoleRow;
  onEdit: () => void;
  onCopy: () => void;
  onRemove: () => void;
}) {
  const { t } = useTranslation();
  const own: MenuItem[] = [
    { id: 'edit', label: t('ui.edit'), icon: 'edit', onSelect: onEdit },
    {
      id: 'remove',
      label: t('role.remove'),
      icon: 'trash',
      danger: true,
      disabled: role.people > 0,
      hint: role.people > 0 ? t('role.in_use') : undefined,
      onSelect: onRemove,
    },
  ];
  return (
    <Menu
      label={t('admin.actions_for', { name: roleName(role, t) })}
      side="right"
      button={<Icon name="more" size={16} />}
      items={[
        { id: 'copy', label: t('role.copy'), icon: 'plus', onSelect: onCopy },
        ...(role.built_in ? [] : own),
      ]}
    />
  );
}

interface MatrixProps {
  told: RolesAnswer;
  drafts: Drafts;
  chosen: string;
  change: (role: RoleRow, right: string, on: boolean) => void;
  edits: boolean;
  menu: (role: RoleRow) => React.ReactNode;
}

function Matrix({ told, drafts, chosen, change, edits, menu }: MatrixProps) {
  const { t } = useTranslation();
  const own = told.items.filter((role) => !role.built_in);
  const rights = told.groups.flatMap((group) => group.rights);
  const cell = useGrid(rights.length, own.length);
  const narrow = (role: RoleRow): string => (role.key === chosen ? '' : 'only-wide');
  return (
    <table className="table matrix" role="grid" aria-label={t('role.matrix')}>
      <thead>
        <tr>
          <th scope="col">{t('role.right')}</th>
          {told.items.map((role) => (
            <th key={role.id} scope="col" className={narrow(role)}>
              <span className="matrix-head">
                <span className="matrix-name">{roleName(role, t)}</span>
                <span className="tiny soft">{t('role.people', { count: role.people })}</span>
                {edits && menu(role)}
              </span>
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {told.groups.map((group) => (
          <Fragment key={group.name}>
            <tr className="matrix-group">
              <th scope="colgroup" colSpan={told.items.length + 1}>
                {t(`right.group.${group.name}`)}
              </th>
            </tr>
            {group.rights.map((right) => (
              <tr key={right}>
                <th scope="row">
                  <span className="stack-tight">
                    <span>{t(`right.${right}`)}</span>
                    <span className="tiny soft matrix-hint">{t(`right.${right}_hint`)}</span>
                  </span>
                </th>
                {told.items.map((role) => (
                  <td key={role.id} className={narrow(role)}>
                    {role.built_in ? (
                      <Fixed on={role.rights.includes(right)} />
                    ) : (
                      <input
                        type="checkbox"
                        {...cell(rights.indexOf(right), own.indexOf(role))}
                        aria-label={`${roleName(role, t)}: ${t(`right.${right}`)}`}
                        disabled={!edits}
                        checked={(drafts[role.id] ?? role.rights).includes(right)}
                        onChange={(event) => change(role, right, event.target.checked)}
                      />
                    )}
                  </td>
                ))}
              </tr>
            ))}
          </Fragment>
        ))}
      </tbody>
    </table>
  );
}

function Fixed({ on }: { on: boolean }) {
  const { t } = useTranslation();
  return (
    <span className={on ? 'matrix-yes' : 'matrix-no'}>
      {on ? <Icon name="check" size={17} /> : '–'}
      <span className="sr">{t(on ? 'role.yes' : 'role.no')}</span>
    </span>
  );
}

export function Roles() {
  const { t } = useTranslation();
  const { me } = useSetup();
  const { client } = useWorkspace();
  const query = useQuery({
    queryKey: ['admin', 'roles'],
    queryFn: () => client.get<RolesAnswer>('/v1/roles'),
  });
  const [drafts, setDrafts] = useState<Drafts>({});
  const [chosen, setChosen] = useState('agent');
  const [editing, setEditing] = useState<{ row?: RoleRow; from?: RoleRow }>();
  const [removing, setRemoving] = useState<RoleRow>();
  const saving = useSave();
  const edits = may(me, 'roles');
  const told = query.data;
  const changed = (told?.items ?? []).filter((role) => drafts[role.id] !== undefined);
  const change = (role: RoleRow, right: string, on: boolean): void => {
    const now = brings(drafts[role.id] ?? role.rights, right, on, told?.brings ?? {});
    const { [role.id]: _, ...rest } = drafts;
    setDrafts(sameSet(now, role.rights) ? rest : { ...rest, [role.id]: now });
  };
  const save = async (): Promise<void> => {
    const done = await saving.save(async () => {
      for (const role of changed)
        await client.patch(`/v1/roles/${role.id}`, {
          body: { rights: drafts[role.id] },
          headers: seen(role),
        });
    });
    if (done) setDrafts({});
  };
  return (
    <div>
      <header className="row wrap admin-head">
        <div className="grow">
          <h1>{t('admin.roles')}</h1>
          <p className="soft">{t('role.hint')}</p>
        </div>
        {edits && (
          <Button look="primary" icon="plus" onClick={() => setEditing({})}>
            {t('role.new')}
          </Button>
        )}
      </header>
      <div className="card admin-card">
        <Async
          loading={query.isLoading}
          error={asError(query.error)}
          retry={() => void query.refetch()}
        >
          {told && (
            <>
              <div className="matrix-pick admin-pad">
                <Select
                  label={t('people.role')}
                  value={chosen}
                  onChange={setChosen}
                  options={told.items.map((role) => ({
                    value: role.key,
                    label: roleName(role, t),
                  }))}
                />
              </div>
              <div className="matrix-scroll scroll">
                <Matrix
                  told={told}
                  drafts={drafts}
                  chosen={chosen}
                  change={change}
                  edits={edits}
                  menu={(role) => (
                    <RoleMenu
                      role={role}
                      onEdit={() => setEditing({ row: role })}
                      onCopy={() => setEditing({ from: role })}
                      onRemove={() => setRemoving(role)}
                    />
                  )}
                />
              </div>
              <SaveBar
                count={changed.length}
                busy={saving.busy}
                onSave={() => void save()}
                onDiscard={() => setDrafts({})}
              />
            </>
          )}
        </Async>
      </div>
      {editing && (
        <RoleDialog {...editing} onMade={setChosen} onClose={() => setEditing(undefined)} />
      )}
      {removing && <RoleRemoval role={removing} onClose={() => setRemoving(undefined)} />}
    </div>
  );
}
