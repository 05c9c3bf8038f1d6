// The audit log: who did or saw what, newest first; filtered by person, kind of act and time.

import { useInfiniteQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { mediumTime } from '@i18n/format';
import { Async } from '@ui/Async';
import { Select, TextField } from '@ui/Field';
import { Chip } from '@ui/Small';
import { asError } from '@agent/data/act';
import { useLanguage, useSetup, useWorkspace } from '@agent/data/hooks';
import { More } from './More';
import './health.css';

interface Line {
  id: string;
  at: string;
  actor_kind: string;
  actor_name: string | null;
  act: string;
  entity: string | null;
  entity_id: string | null;
  facts: Record<string, unknown>;
  request_id: string | null;
  address: string | null;
}

interface Page {
  items: Line[];
  next_cursor: string | null;
}

/** Beginnings of acts, as the server names them. */
const ACTS = {
  denied: 'denied:',
  sign_in: 'sign_in.',
  cases: 'cases.',
  customers: 'customers.',
  people: 'people.',
  roles: 'roles.',
  accounts: 'accounts.',
  rules: 'rules.',
  config: 'config.',
} as const;

const DENIED = 'denied:';

const factsOf = (facts: Record<string, unknown>): string =>
  Object.entries(facts)
    .filter(([, value]) => value !== '' && value !== null)
    .map(([name, value]) => `${name}: ${Array.isArray(value) ? value.join(', ') : String(value)}`)
    .join(' · ');

function Row({ line }: { line: Line }) {
  const { t } = useTranslation();
  const language = useLanguage();
  const denied = line.act.startsWith(DENIED);
  return (
    <tr>
      <td className="figures audit-at">
        <time dateTime={line.at}>{mediumTime(language, Date.parse(line.at))}</time>
      </td>
      <td>{line.actor_name ?? t(`audit.by.${line.actor_kind}`)}</td>
      <td>
        <span className="row wrap">
          {denied && (
            <Chip tone="bad" icon="lock">
              {t('audit.denied')}
            </Chip>
          )}
          <code className="mono audit-act">{line.act.replace(DENIED, '')}</code>
        </span>
        {Object.keys(line.facts).length > 0 && (
          <span className="tiny soft audit-facts">{factsOf(line.facts)}</span>
        )}
      </td>
      <td className="only-wide">
        {line.entity && (
          <span className="stack-tight small">
            <span>{line.entity}</span>
            <span className="tiny soft mono" title={line.entity_id ?? undefined}>
              {line.entity_id?.slice(-12)}
            </span>
          </span>
        )}
      </td>
      <td className="only-wide tiny soft figures">{line.address}</td>
    </tr>
  );
}

export function Audit() {
  const { t } = useTranslation();
  const { client } = useWorkspace();
  const { colleagues } = useSetup();
  const [actor, setActor] = useState('');
  const [act, setAct] = useState('');
  const [day, setDay] = useState('');
  // The whole day in the zone of whoever looks.
  const until = day ? new Date(`${day}T23:59:59.999`).toISOString() : undefined;
  const query = useInfiniteQuery({
    queryKey: ['admin', 'audit', actor, act, day],
    queryFn: ({ pageParam }) =>
      client.get<Page>('/v1/audit', {
        query: {
          cursor: pageParam,
          actor: actor || undefined,
          act: act ? ACTS[act as keyof typeof ACTS] : undefined,
          until,
          limit: 100,
        },
      }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (last) => last.next_cursor ?? undefined,
  });
  const lines = query.data?.pages.flatMap((page) => page.items) ?? [];
  return (
    <div>
      <header className="admin-head">
        <h1>{t('admin.audit')}</h1>
        <p className="soft">{t('audit.hint')}</p>
      </header>
      <div className="audit-filter">
        <Select
          label={t('audit.who')}
          value={actor}
          onChange={setActor}
          options={[
            { value: '', label: t('audit.anybody') },
            ...colleagues.map((one) => ({ value: one.id, label: one.name })),
          ]}
        />
        <Select
          label={t('audit.what')}
          value={act}
          onChange={setAct}
          options={[
            { value: '', label: t('audit.anything') },
            ...Object.keys(ACTS).map((value) => ({ value, label: t(`audit.act.${value}`) })),
          ]}
        />
        <TextField
          label={t('audit.until')}
          type="date"
          value={day}
          onChange={(event) => setDay(event.target.value)}
        />
      </div>
      <div className="card admin-card">
        <Async
          loading={query.isLoading}
          error={asError(query.error)}
          retry={() => void query.refetch()}
          empty={lines.length === 0}
          nothing={{ title: t('table.nothing'), icon: 'search' }}
        >
          <table className="table audit-table">
            <thead>
              <tr>
                <th scope="col">{t('audit.when')}</th>
                <th scope="col">{t('audit.who')}</th>
                <th scope="col">{t('audit.what')}</th>
                <th scope="col" className="only-wide">
                  {t('audit.thing')}
                </th>
                <th scope="col" className="only-wide">
                  {t('audit.address')}
                </th>
              </tr>
            </thead>
            <tbody>
              {lines.map((line) => (
                <Row key={line.id} line={line} />
              ))}
            </tbody>
          </table>
        </Async>
      </div>
      <More of={query} />
    </div>
  );
}
