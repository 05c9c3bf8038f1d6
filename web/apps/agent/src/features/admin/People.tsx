// People: who works here, with which roles and departments; invitations are one-time links.

import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { LANGUAGES, LANGUAGE_NAMES } from '@i18n/index';
import type { Client } from '@api/client';
import type { Language, Role } from '@api/types';
import { Button } from '@ui/Button';
import { Dialog } from '@ui/Dialog';
import { Check, Select, TextField } from '@ui/Field';
import { Icon } from '@ui/Icon';
import { Menu, type MenuItem } from '@ui/Menu';
import { Chip, Face } from '@ui/Small';
import { useNames, useSetup } from '@agent/data/hooks';
import { Ago } from '@agent/parts/Marks';
import { AgentDialog } from './AgentDialog';
import { CopyField } from './CopyField';
import { EditDialog } from './EditDialog';
import { Named, Table } from './Table';
import { InviteMany } from './InviteMany';
import { SignIns } from './SignIns';
import { useRoles, type RoleChoice } from './useRoles';
import { AdminPage, seen, useEditing, useRowsOf, useSave } from './list';

export interface PersonRow {
  id: string;
  version?: number;
  name: string;
  email: string;
  language: Language;
  state?: 'active' | 'disabled';
  roles: (Role | { role: Role; department_id: string | null })[];
  departments: string[];
  agent?: boolean;
  last_seen?: string | null;
}

const roleOf = (role: PersonRow['roles'][number]): Role =>
  typeof role === 'string' ? role : role.role;

/** The link as a person opens it: the token stands behind #. */
function linkOf(answer: Record<string, unknown>): string {
  const link = answer.link ?? answer.url ?? answer.invite;
  if (typeof link === 'string')
    return link.includes('#') ? new URL(link, location.origin).href : link;
  return typeof answer.token === 'string' ? `${location.origin}/#/link/${answer.token}` : '';
}

function PersonDialog({
  person,
  onClose,
  onLink,
}: {
  person?: PersonRow;
  onClose: () => void;
  onLink: (link: string) => void;
}) {
  const { t, i18n } = useTranslation();
  const { departments } = useSetup();
  const known = useRoles();
  const [name, setName] = useState(person?.name ?? '');
  const [email, setEmail] = useState(person?.email ?? '');
  const [language, setLanguage] = useState<string>(person?.language ?? i18n.language);
  const [roles, setRoles] = useState<Role[]>(person ? person.roles.map(roleOf) : ['agent']);
  const [places, setPlaces] = useState<string[]>(
    person?.departments ?? departments.slice(0, 1).map((one) => one.id),
  );
  const toggle = <T,>(all: T[], one: T, on: boolean): T[] =>
    on ? [...all, one] : all.filter((other) => other !== one);
  const save = async (client: Client): Promise<unknown> => {
    const body = { name, language, roles, departments: places };
    if (person) return client.patch(`/v1/people/${person.id}`, { body, headers: seen(person) });
    const made = { ...body, email };
    return onLink(linkOf(await client.post<Record<string, unknown>>('/v1/people', { body: made })));
  };
  return (
    <EditDialog
      title={t(person ? 'people.edit' : 'people.invite')}
      ready={name.trim() !== '' && (person !== undefined || email.trim() !== '')}
      saveWord={t(person ? 'ui.save' : 'people.invite')}
      save={save}
      onClose={onClose}
    >
      <TextField
        label={t('profile.name')}
        value={name}
        onChange={(event) => setName(event.target.value)}
      />
      {!person && (
        <TextField
          label={t('sign_in.email')}
          type="email"
          value={email}
          onChange={(event) => setEmail(event.target.value)}
        />
      )}
      <Select
        label={t('profile.language')}
        value={language}
        onChange={setLanguage}
        options={LANGUAGES.map((value) => ({ value, label: LANGUAGE_NAMES[value] }))}
      />
      <fieldset className="checks">
        <legend>{t('people.roles')}</legend>
        {known.map(({ key, name: called }) => (
          <Check
            key={key}
            label={called}
            checked={roles.includes(key)}
            onChange={(on) => setRoles(toggle(roles, key, on))}
          />
        ))}
      </fieldset>
      <fieldset className="checks">
        <legend>{t('admin.departments')}</legend>
        {departments.map((one) => (
          <Check
            key={one.id}
            label={one.name}
            checked={places.includes(one.id)}
            onChange={(on) => setPlaces(toggle(places, one.id, on))}
          />
        ))}
      </fieldset>
    </EditDialog>
  );
}

/** What can be done with a person. */
function Acts({
  person,
  onEdit,
  onAgent,
  onSignIns,
  onLink,
}: {
  person: PersonRow;
  onEdit: () => void;
  onAgent: () => void;
  onSignIns: () => void;
  onLink: (link: string) => void;
}) {
  const { t } = useTranslation();
  const { client, save } = useSave();
  const disabled = person.state === 'disabled';
  const call = (verb: string): void =>
    void save(() => client.post(`/v1/people/${person.id}/${verb}`));
  const invite = (): void =>
    void save(async () =>
      onLink(linkOf(await client.post<Record<string, unknown>>(`/v1/people/${person.id}/invite`))),
    );
  const items: (MenuItem | 'line' | false)[] = [
    { id: 'edit', label: t('ui.edit'), icon: 'edit', onSelect: onEdit },
    person.agent === true && {
      id: 'agent',
      label: t('people.skills'),
      icon: 'skill',
      onSelect: onAgent,
    },
    { id: 'sign_ins', label: t('signins.menu'), icon: 'lock', onSelect: onSignIns },
    { id: 'invite', label: t('people.new_link'), icon: 'send', onSelect: invite },
    'line',
    {
      id: disabled ? 'enable' : 'disable',
      label: t(disabled ? 'people.enable' : 'people.disable'),
      icon: disabled ? 'check' : 'close',
      danger: !disabled,
      onSelect: () => call(disabled ? 'enable' : 'disable'),
    },
  ];
  return (
    <Menu
      label={t('admin.actions_for', { name: person.name })}
      side="right"
      button={<Icon name="more" />}
      items={items.filter((one) => one !== false)}
    />
  );
}

const nameOf = (known: readonly RoleChoice[], key: string): string =>
  known.find((one) => one.key === key)?.name ?? key;

function Roles({ person, known }: { person: PersonRow; known: readonly RoleChoice[] }) {
  const { t } = useTranslation();
  return (
    <span className="row wrap">
      {person.state === 'disabled' && <Chip tone="bad">{t('people.disabled')}</Chip>}
      {person.roles.map(roleOf).map((role) => (
        <Chip key={role} tone={role === 'admin' ? 'accent' : 'plain'}>
          {nameOf(known, role)}
        </Chip>
      ))}
    </span>
  );
}

function LinkDialog({ link, onClose }: { link: string; onClose: () => void }) {
  const { t } = useTranslation();
  return (
    <Dialog title={t('people.link_title')} onClose={onClose}>
      <p>{t('people.link_hint')}</p>
      <CopyField label={t('people.link')} text={link} />
    </Dialog>
  );
}

export function People() {
  const { t } = useTranslation();
  const names = useNames();
  const list = useRowsOf<PersonRow>('/v1/people');
  const { editing, add, edit, close } = useEditing<PersonRow>();
  const known = useRoles();
  const [agent, setAgent] = useState<PersonRow>();
  const [signIns, setSignIns] = useState<PersonRow>();
  const [link, setLink] = useState('');
  const [many, setMany] = useState(false);
  return (
    <AdminPage
      title={t('admin.people')}
      hint={t('people.hint')}
      empty={t('people.none')}
      list={list}
      action={
        <span className="row wrap">
          <Button icon="users" onClick={() => setMany(true)}>
            {t('people.invite_list')}
          </Button>
          <Button look="primary" icon="plus" onClick={add}>
            {t('people.invite')}
          </Button>
        </span>
      }
      dialogs={
        <>
          {editing && <PersonDialog person={editing.row} onClose={close} onLink={setLink} />}
          {agent && <AgentDialog person={agent} onClose={() => setAgent(undefined)} />}
          {signIns && <SignIns person={signIns} onClose={() => setSignIns(undefined)} />}
          {many && <InviteMany onClose={() => setMany(false)} />}
          {link && <LinkDialog link={link} onClose={() => setLink('')} />}
        </>
      }
    >
      <Table
        rows={list.rows}
        columns={[
          {
            head: t('profile.name'),
            by: (person) => `${person.name} ${person.email}`,
            show: (person) => (
              <Named
                mark={<Face name={person.name} size="small" />}
                name={person.name}
                hint={person.email}
              />
            ),
          },
          {
            head: t('people.roles'),
            by: (person) => person.roles.map((one) => nameOf(known, roleOf(one))).join(', '),
            show: (person) => <Roles person={person} known={known} />,
          },
          {
            head: t('admin.departments'),
            wide: true,
            by: (person) => person.departments.map((id) => names.department(id)).join(', '),
            show: (person) => person.departments.map((id) => names.department(id)).join(', '),
          },
          {
            head: t('people.last_seen'),
            wide: true,
            by: (person) => (person.last_seen ? Date.parse(person.last_seen) : undefined),
            show: (person) =>
              person.last_seen ? (
                <Ago at={person.last_seen} />
              ) : (
                <span className="soft">{t('channels.never')}</span>
              ),
          },
        ]}
        actions={(person) => (
          <Acts
            person={person}
            onEdit={() => edit(person)}
            onAgent={() => setAgent(person)}
            onSignIns={() => setSignIns(person)}
            onLink={setLink}
          />
        )}
      />
    </AdminPage>
  );
}
