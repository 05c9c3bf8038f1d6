// Who is on call in each department: weeks in turn, and turns with from and until; who it is now.

import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Button, IconButton } from '@ui/Button';
import { Select, TextField } from '@ui/Field';
import { Chip } from '@ui/Small';
import { useNames, useSetup } from '@agent/data/hooks';
import { EditDialog } from './EditDialog';
import { AdminPage, seen, useRowsOf } from './list';
import { freshTurn, rosterBody, rosterOf, rosterReady, type RosterDraft } from './rosterModel';
import type { RosterRow } from './rosterModel';
import { Named, Table } from './Table';

interface PartProps {
  draft: RosterDraft;
  put: (change: Partial<RosterDraft>) => void;
}

function usePeople(): { value: string; label: string }[] {
  const { colleagues, me } = useSetup();
  const all = [...new Map([me, ...colleagues].map((one) => [one.id, one])).values()];
  return all.map((one) => ({ value: one.id, label: one.name }));
}

function Weeks({ draft, put }: PartProps) {
  const { t } = useTranslation();
  const names = useNames();
  const people = usePeople();
  const without = (at: number): string[] => draft.people.filter((_, n) => n !== at);
  return (
    <fieldset className="rule-part stack">
      <legend>{t('on_call.weeks')}</legend>
      <ol className="plain-list stack">
        {draft.people.map((one, at) => (
          // somebody may stand in the order twice
          <li key={`${at}${one}`} className="row">
            <span className="grow">{`${at + 1}. ${names.person(one)}`}</span>
            <IconButton
              icon="trash"
              label={t('ordered.remove', { name: names.person(one) })}
              onClick={() => put({ people: without(at) })}
            />
          </li>
        ))}
      </ol>
      <Select
        label={t('on_call.add_person')}
        value=""
        options={[{ value: '', label: t('escalation.choose') }, ...people]}
        onChange={(one) => one && put({ people: [...draft.people, one] })}
      />
      <div className="clause clause-two">
        <TextField
          label={t('on_call.begins')}
          type="date"
          value={draft.begins}
          onChange={(event) => put({ begins: event.target.value })}
        />
        <TextField
          label={t('on_call.hour')}
          type="number"
          min={0}
          max={23}
          value={draft.hour}
          onChange={(event) => put({ hour: event.target.value })}
        />
      </div>
    </fieldset>
  );
}

function Turns({ draft, put }: PartProps) {
  const { t } = useTranslation();
  const people = usePeople();
  const set = (at: number, change: Partial<RosterDraft['turns'][number]>): void =>
    put({ turns: draft.turns.map((one, n) => (n === at ? { ...one, ...change } : one)) });
  return (
    <fieldset className="rule-part stack">
      <legend>{t('on_call.turns')}</legend>
      <p className="soft small">{t('on_call.turns_hint')}</p>
      <ul className="plain-list stack">
        {draft.turns.map((one, at) => (
          // turns have no name of their own
          <li key={at} className="stack process-field">
            <div className="clause clause-one">
              <Select
                label={t('on_call.person')}
                value={one.person}
                options={[{ value: '', label: t('escalation.choose') }, ...people]}
                onChange={(person) => set(at, { person })}
              />
              <IconButton
                icon="trash"
                label={t('on_call.turn_remove', { place: at + 1 })}
                onClick={() => put({ turns: draft.turns.filter((_, n) => n !== at) })}
              />
            </div>
            <div className="clause clause-two">
              {(['from', 'until'] as const).map((edge) => (
                <TextField
                  key={edge}
                  label={t(`on_call.${edge}`)}
                  type="datetime-local"
                  value={one[edge]}
                  onChange={(event) => set(at, { [edge]: event.target.value })}
                />
              ))}
            </div>
          </li>
        ))}
      </ul>
      <div className="row">
        <Button
          small
          icon="plus"
          disabled={draft.turns.length >= 200}
          onClick={() => put({ turns: [...draft.turns, freshTurn()] })}
        >
          {t('on_call.turn_add')}
        </Button>
      </div>
    </fieldset>
  );
}

interface DialogProps {
  department: { id: string; name: string };
  row?: RosterRow;
  onClose: () => void;
}

function RosterDialog({ department, row, onClose }: DialogProps) {
  const { t } = useTranslation();
  const [draft, setDraft] = useState(() => rosterOf(row));
  const put = (change: Partial<RosterDraft>): void => setDraft({ ...draft, ...change });
  return (
    <EditDialog
      wide
      title={t('on_call.edit', { name: department.name })}
      ready={rosterReady(draft)}
      save={(client) =>
        client.put(`/v1/rosters/${department.id}`, {
          body: rosterBody(draft),
          headers: row ? seen(row) : {},
        })
      }
      onClose={onClose}
    >
      <Weeks draft={draft} put={put} />
      <Turns draft={draft} put={put} />
    </EditDialog>
  );
}

export function OnCall() {
  const { t } = useTranslation();
  const { departments } = useSetup();
  const names = useNames();
  const list = useRowsOf<RosterRow>('/v1/rosters');
  const [open, setOpen] = useState<string>();
  const of = (id: string): RosterRow | undefined =>
    list.rows.find((one) => one.department_id === id);
  const chosen = departments.find((one) => one.id === open);
  return (
    <AdminPage
      part
      title={t('on_call.title')}
      hint={t('on_call.hint')}
      empty={t('on_call.title')}
      list={{ ...list, rows: departments }}
      dialogs={
        chosen && (
          <RosterDialog
            department={chosen}
            row={of(chosen.id)}
            onClose={() => setOpen(undefined)}
          />
        )
      }
    >
      <Table
        rows={departments}
        columns={[
          {
            head: t('word.department'),
            by: (row) => row.name,
            show: (row) => <Named name={row.name} />,
          },
          {
            head: t('on_call.now'),
            by: (row) => names.person(of(row.id)?.now),
            show: (row) => {
              const now = of(row.id)?.now;
              return now ? (
                <Chip tone="good" icon="user">
                  {names.person(now)}
                </Chip>
              ) : (
                <span className="soft">{t('on_call.nobody')}</span>
              );
            },
          },
        ]}
        actions={(row) => (
          <IconButton
            icon="edit"
            label={t('admin.edit', { name: row.name })}
            onClick={() => setOpen(row.id)}
          />
        )}
      />
    </AdminPage>
  );
}
