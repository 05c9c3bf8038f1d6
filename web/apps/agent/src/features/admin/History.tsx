// Every change of the configuration: who, when, from what to what; one can be taken back.

import { useInfiniteQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { mediumTime } from '@i18n/format';
import { Async } from '@ui/Async';
import { Button } from '@ui/Button';
import { Select } from '@ui/Field';
import { Chip } from '@ui/Small';
import { asError } from '@agent/data/act';
import { useLanguage, useWorkspace } from '@agent/data/hooks';
import { Fields, type FieldChange } from './Fields';
import { useSave } from './list';
import { More } from './More';

interface Change {
  id: string;
  no: number;
  at: string;
  how: 'edit' | 'import' | 'revert';
  by_name: string | null;
  noun: string;
  name: string;
  op: 'add' | 'change' | 'remove';
  fields: FieldChange[];
}

interface Page {
  items: Change[];
  next_before: number | null;
}

const NOUNS = [
  'account',
  'agent',
  'brand',
  'calendar',
  'deadline_template',
  'department',
  'escalation',
  'macro',
  'members',
  'person',
  'presence_status',
  'queue',
  'role',
  'rules',
  'skill',
  'sla_policy',
  'snippet',
  'view',
];
const REVERTIBLE = new Set(NOUNS.filter((one) => one !== 'agent' && one !== 'members'));

function Row({ change }: { change: Change }) {
  const { t } = useTranslation();
  const language = useLanguage();
  const saving = useSave();
  const revert = (): void =>
    void saving.save(
      () => saving.client.post(`/v1/config/history/${change.id}/revert`),
      t('config.reverted'),
    );
  return (
    <li className="diff">
      <div className="row wrap">
        <div className="grow stack-tight">
          <span className="row wrap">
            <Chip tone={change.op === 'remove' ? 'bad' : change.op === 'add' ? 'good' : 'plain'}>
              {t(`config.op.${change.op}`)}
            </Chip>
            <span className="soft small">{t(`config.noun.${change.noun}`)}</span>
            {change.noun !== 'rules' && <strong>{change.name}</strong>}
            {change.how !== 'edit' && <Chip tone="accent">{t(`config.how.${change.how}`)}</Chip>}
          </span>
          <span className="tiny soft">
            {mediumTime(language, Date.parse(change.at))} ·{' '}
            {change.by_name ?? t('config.by_machine')}
          </span>
        </div>
        {REVERTIBLE.has(change.noun) && (
          <Button
            small
            look="quiet"
            icon="undo"
            busy={saving.busy}
            aria-label={t('config.revert_of', { name: change.name })}
            onClick={revert}
          >
            {t('config.revert')}
          </Button>
        )}
      </div>
      {change.op === 'change' && <Fields fields={change.fields} />}
    </li>
  );
}

export function History() {
  const { t } = useTranslation();
  const { client } = useWorkspace();
  const [noun, setNoun] = useState('');
  const query = useInfiniteQuery({
    queryKey: ['admin', 'config-history', noun],
    queryFn: ({ pageParam }) =>
      client.get<Page>('/v1/config/history', {
        query: { before: pageParam, noun: noun || undefined },
      }),
    initialPageParam: undefined as number | undefined,
    getNextPageParam: (last) => last.next_before ?? undefined,
  });
  const rows = query.data?.pages.flatMap((page) => page.items) ?? [];
  return (
    <>
      <div className="history-filter">
        <Select
          label={t('config.filter')}
          value={noun}
          options={[
            { value: '', label: t('config.everything') },
            ...NOUNS.map((value) => ({ value, label: t(`config.noun.${value}`) })),
          ]}
          onChange={setNoun}
        />
      </div>
      <div className="card admin-card">
        <Async
          loading={query.isLoading}
          error={asError(query.error)}
          retry={() => void query.refetch()}
          empty={rows.length === 0}
          nothing={{ title: t('config.none') }}
        >
          <ol className="plain-list diffs">
            {rows.map((row) => (
              <Row key={row.id} change={row} />
            ))}
          </ol>
        </Async>
      </div>
      <More of={query} />
    </>
  );
}
