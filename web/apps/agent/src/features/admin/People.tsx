// People: who works here, with which roles and departments; invitations are one-time links.

import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { LANGUAGES, LANGUAGE_NAMES } from '@i18n/index';
import type { Language, Role } from '@api/types';
import { Button } from '@ui/Button';
import { Dialog } from '@ui/Dialog';
import { Check, Select, TextField } from '@ui/Field';
import { Icon } from '@ui/Icon';
import { Menu } from '@ui/Menu';
import { Chip, Face } from '@ui/Small';
import { useNames, useSetup } from '@agent/data/hooks';
import { AgentDialog } from './AgentDialog';
import { CopyField } from './CopyField';
import { AdminPage, seen, useRowsOf, useSave } from './list';

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
}

const ROLES: Role[] = ['agent', 'supervisor', 'admin', 'auditor'];

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
  const { busy, client, save } = useSave();
  const [name, setName] = useState(person?.name ?? '');
  const [email, setEmail] = useState(person?.email ?? '');
  const [language, setLanguage] = useState<string>(person?.language ?? i18n.language);
  const [roles, setRoles] = useState<Role[]>(person ? person.roles.map(roleOf) : ['agent']);
  const [places, setPlaces] = useState<string[]>(
    person?.departments ?? departments.slice(0, 1).map((one) => one.id),
  );
  const toggle = <T,>(all: T[], one: T, on: boolean): T[] =>
    on ? [...all, one] : all.filter((other) => other !== one);
  const submit = async (): Promise<void> => {
    const body = { name, language, roles, departments: places };
    const good = await save(async () => {
      if (person) await client.patch(`/v1/people/${person.id}`, { body, headers: seen(person) });
      else {
        const answer = await client.post<Record<string, unknown>>('/v1/people', {
          body: { ...body, email },
        });
        onLink(linkOf(answer));
      }
    });
    if (good) onClose();
  };
  return (
    <Dialog
      title={t(person ? 'people.edit' : 'people.invite')}
      onClose={onClose}
      actions={
        <>
          <Button onClick={onClose}>{t('ui.cancel')}</Button>
          <Button
            look="primary"
            busy={busy}
            disabled={!name || (!person && !email)}
            onClick={() => void submit()}
          >
            {t(person ? 'ui.save' : 'people.invite')}
          </Button>
        </>
      }
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
        {ROLES.map((role) => (
          <Check
            key={role}
            label={t(`role.${role}`)}
            checked={roles.includes(role)}
            onChange={(on) => setRoles(toggle(roles, role, on))}
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
    </Dialog>
  );
}

function PersonLine({
  person,
  onEdit,
  onAgent,
  onLink,
}: {
  person: PersonRow;
  onEdit: () => void;
  onAgent: () => void;
  onLink: (link: string) => void;
}) {
  const { t } = useTranslation();
  const names = useNames();
  const { client, save } = useSave();
  const disabled = person.state === 'disabled';
  const call = (verb: string): void =>
    void save(() => client.post(`/v1/people/${person.id}/${verb}`));
  const invite = (): void =>
    void save(async () =>
      onLink(linkOf(await client.post<Record<string, unknown>>(`/v1/people/${person.id}/invite`))),
    );
  const agent = person.roles.map(roleOf).includes('agent');
  return (
    <tr>
      <td>
        <span className="row">
          <Face name={person.name} size="small" />
          <span className="stack-tight admin-name">
            <strong>{person.name}</strong>
            <span className="tiny soft">{person.email}</span>
          </span>
        </span>
      </td>
      <td>
        <span className="row wrap">
          {disabled && <Chip tone="bad">{t('people.disabled')}</Chip>}
          {person.roles.map(roleOf).map((role) => (
            <Chip key={role} tone={role === 'admin' ? 'accent' : 'plain'}>
              {t(`role.${role}`)}
            </Chip>
          ))}
        </span>
      </td>
      <td className="only-wide">
        {person.departments.map((id) => names.department(id)).join(', ')}
      </td>
      <td>
        <Menu
          label={t('admin.actions_for', { name: person.name })}
          side="right"
          button={<Icon name="more" />}
          items={[
            { id: 'edit', label: t('ui.edit'), icon: 'edit', onSelect: onEdit },
            ...(agent
              ? [
                  {
                    id: 'agent',
                    label: t('people.skills'),
                    icon: 'skill' as const,
                    onSelect: onAgent,
                  },
                ]
              : []),
            { id: 'invite', label: t('people.new_link'), icon: 'send', onSelect: invite },
            'line',
            disabled
              ? {
                  id: 'enable',
                  label: t('people.enable'),
                  icon: 'check',
                  onSelect: () => call('enable'),
                }
              : {
                  id: 'disable',
                  label: t('people.disable'),
                  icon: 'close',
                  danger: true,
                  onSelect: () => call('disable'),
                },
          ]}
        />
      </td>
    </tr>
  );
}

export function People() {
  const { t } = useTranslation();
  const list = useRowsOf<PersonRow>('/v1/people');
  const [editing, setEditing] = useState<PersonRow | 'new'>();
  const [agent, setAgent] = useState<PersonRow>();
  const [link, setLink] = useState('');
  return (
    <AdminPage
      title={t('admin.people')}
      hint={t('people.hint')}
      empty={t('people.none')}
      list={list}
      action={
        <Button look="primary" icon="plus" onClick={() => setEditing('new')}>
          {t('people.invite')}
        </Button>
      }
    >
      <table className="table">
        <thead>
          <tr>
            <th scope="col">{t('profile.name')}</th>
            <th scope="col">{t('people.roles')}</th>
            <th scope="col" className="only-wide">
              {t('admin.departments')}
            </th>
            <th scope="col">
              <span className="sr">{t('action.more')}</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {list.rows.map((person) => (
            <PersonLine
              key={person.id}
              person={person}
              onEdit={() => setEditing(person)}
              onAgent={() => setAgent(person)}
              onLink={setLink}
            />
          ))}
        </tbody>
      </table>
      {editing && (
        <PersonDialog
          person={editing === 'new' ? undefined : editing}
          onClose={() => setEditing(undefined)}
          onLink={setLink}
        />
      )}
      {agent && <AgentDialog person={agent} onClose={() => setAgent(undefined)} />}
      {link && (
        <Dialog title={t('people.link_title')} onClose={() => setLink('')}>
          <p>{t('people.link_hint')}</p>
          <CopyField label={t('people.link')} text={link} />
        </Dialog>
      )}
    </AdminPage>
  );
}
