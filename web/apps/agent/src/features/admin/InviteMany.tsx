// Inviting many people at once: a line each, "Jana Nová <jana@example.com>" or only the address.

import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Button } from '@ui/Button';
import { Dialog } from '@ui/Dialog';
import { Check, Select, TextArea } from '@ui/Field';
import { Icon } from '@ui/Icon';
import { useLanguage, useSetup } from '@agent/data/hooks';
import { whyRefused } from '@agent/data/act';
import { CopyField } from './CopyField';
import { useSave } from './list';
import { linesOf, type Invited } from './invitations';
import { useRoles } from './useRoles';

interface Result {
  line: Invited;
  link?: string;
  refused?: string;
}

function Results({ results }: { results: readonly Result[] }) {
  return (
    <ul className="plain-list stack">
      {results.map(({ line, link, refused }) => (
        <li key={line.email}>
          {link ? (
            <CopyField label={`${line.name} · ${line.email}`} text={link} />
          ) : (
            <p className="field-error">
              <Icon name="alert" size={15} /> {line.email}: {refused}
            </p>
          )}
        </li>
      ))}
    </ul>
  );
}

export function InviteMany({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation();
  const language = useLanguage();
  const { departments } = useSetup();
  const { busy, save, client } = useSave();
  const [text, setText] = useState('');
  const roles = useRoles();
  const [role, setRole] = useState('agent');
  const [places, setPlaces] = useState<string[]>(departments.slice(0, 1).map((one) => one.id));
  const [results, setResults] = useState<Result[]>();
  const { good, bad } = linesOf(text);
  const invite = (): void =>
    void save(
      async () => {
        const told: Result[] = [];
        for (const line of good) {
          const body = { ...line, roles: [role], departments: places, language };
          try {
            const answer = await client.post<{ link: string }>('/v1/people', { body });
            told.push({ line, link: answer.link });
          } catch (error) {
            told.push({ line, refused: whyRefused(error, t) });
          }
        }
        setResults(told);
      },
      t('people.invited', { count: good.length }),
    );
  return (
    <Dialog
      wide
      title={t('people.invite_list')}
      onClose={onClose}
      actions={
        results ? (
          <Button look="primary" onClick={onClose}>
            {t('ui.close')}
          </Button>
        ) : (
          <>
            <Button onClick={onClose}>{t('ui.cancel')}</Button>
            <Button
              look="primary"
              busy={busy}
              disabled={good.length === 0 || bad.length > 0}
              onClick={invite}
            >
              {t('people.invite_count', { count: good.length })}
            </Button>
          </>
        )
      }
    >
      {results ? (
        <>
          <p className="soft small">{t('people.links_hint')}</p>
          <Results results={results} />
        </>
      ) : (
        <>
          <TextArea
            label={t('people.lines')}
            hint={t('people.lines_hint')}
            rows={7}
            value={text}
            error={
              bad.length > 0
                ? t('people.lines_bad', { lines: bad.slice(0, 3).join(' · ') })
                : undefined
            }
            onChange={(event) => setText(event.target.value)}
          />
          <Select
            label={t('people.role')}
            value={role}
            options={roles.map(({ key, name }) => ({ value: key, label: name }))}
            onChange={setRole}
          />
          <fieldset className="checks">
            <legend>{t('word.department')}</legend>
            {departments.map((one) => (
              <Check
                key={one.id}
                label={one.name}
                checked={places.includes(one.id)}
                onChange={(on) =>
                  setPlaces(on ? [...places, one.id] : places.filter((id) => id !== one.id))
                }
              />
            ))}
          </fieldset>
        </>
      )}
    </Dialog>
  );
}
