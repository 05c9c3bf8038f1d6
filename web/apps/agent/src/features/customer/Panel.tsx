// The customer beside the Case: who it is, how to reach him, his other matters, everything so far.

import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { LANGUAGE_NAMES, supported } from '@i18n/index';
import type { Case, CustomerAnswer, Identity } from '@api/types';
import { Async } from '@ui/Async';
import { IconButton } from '@ui/Button';
import { Icon } from '@ui/Icon';
import { useTabStop } from '@ui/tabStop';
import { Chip, Face, Tabs } from '@ui/Small';
import { asError } from '@agent/data/act';
import { useEntity, useNames, useWorkspace } from '@agent/data/hooks';
import { go, href } from '@agent/data/router';
import { spoken } from '@agent/parts/address';
import { Ago, ChannelMark, StateChip, TierMark } from '@agent/parts/Marks';
import { EditCustomer } from './EditCustomer';
import { Timeline } from './Timeline';

function IdentityLine({ identity }: { identity: Identity }) {
  const { t } = useTranslation();
  return (
    <li className="row identity">
      <ChannelMark kind={identity.kind} />
      <span className="grow cut" title={identity.address}>
        {spoken(identity.address, t)}
      </span>
      {identity.state !== 'good' ? (
        <Chip tone="warn" icon="alert">
          {t(`identity.state.${identity.state}`)}
        </Chip>
      ) : (
        <Chip tone={identity.level >= 2 ? 'good' : 'plain'}>
          {t(`identity.level.${identity.level}`)}
        </Chip>
      )}
    </li>
  );
}

function CaseLine({ id, fallback, here }: { id: string; fallback: Case; here: boolean }) {
  const { t } = useTranslation();
  const names = useNames();
  const found = useEntity('case', id) ?? fallback;
  return (
    <li>
      <a className="case-link" href={href('case', id)} aria-current={here ? 'true' : undefined}>
        <span className="row">
          <span className="grow cut">{found.title || t('case.untitled')}</span>
          <StateChip state={found.state} />
        </span>
        <span className="tiny soft">
          {names.department(found.department_id)} · <Ago at={found.last_at} />
        </span>
      </a>
    </li>
  );
}

function Profile({ answer, caseId }: { answer: CustomerAnswer; caseId?: string }) {
  const { t } = useTranslation();
  return (
    <div className="stack">
      <h3>{t('customer.identities')}</h3>
      <ul className="stack-tight">
        {answer.identities.map((identity) => (
          <IdentityLine key={identity.id} identity={identity} />
        ))}
      </ul>
      <h3>{t('word.cases')}</h3>
      <ul className="stack-tight">
        {answer.cases.map((row) => (
          <CaseLine key={row.id} id={row.id} fallback={row} here={row.id === caseId} />
        ))}
      </ul>
    </div>
  );
}

function Head({ answer, onEdit }: { answer: CustomerAnswer; onEdit: () => void }) {
  const { t } = useTranslation();
  const { customer } = answer;
  const language = supported(customer.language);
  return (
    <header className="customer-head">
      <Face name={customer.name || '?'} size="large" />
      <div className="grow">
        <h2 className="cut">{customer.name || t('customer.unnamed')}</h2>
        <div className="row wrap">
          <TierMark tier={customer.tier} />
          {customer.language && (
            <Chip icon="globe">{language ? LANGUAGE_NAMES[language] : customer.language}</Chip>
          )}
        </div>
      </div>
      <IconButton icon="edit" label={t('customer.edit')} onClick={onEdit} />
    </header>
  );
}

interface PanelProps {
  id: string;
  caseId?: string;
  onClose?: () => void;
}

export function CustomerPanel({ id, caseId, onClose }: PanelProps) {
  const { t } = useTranslation();
  const workspace = useWorkspace();
  const queries = useQueryClient();
  const box = useRef<HTMLElement>(null);
  const stop = useTabStop(box);
  const [tab, setTab] = useState('profile');
  const [editing, setEditing] = useState(false);
  const last = useEntity('case', caseId)?.last_item;
  const query = useQuery({
    queryKey: ['customer', id],
    queryFn: async () => {
      const answer = await workspace.client.get<CustomerAnswer>(`/v1/customers/${id}`);
      workspace.store.putAll('case', answer.cases);
      return answer;
    },
  });
  useEffect(() => {
    const timer = setTimeout(
      () => void queries.invalidateQueries({ queryKey: ['customer', id] }),
      1_000,
    );
    return () => clearTimeout(timer);
  }, [queries, id, last]);
  const answer = query.data;
  return (
    <aside
      ref={box}
      className="customer-panel scroll"
      aria-label={t('word.customer')}
      tabIndex={stop ? 0 : undefined}
    >
      {onClose && (
        <div className="row only-narrow panel-back">
          <IconButton icon="left" label={t('ui.back')} onClick={onClose} />
          <Icon name="user" size={16} /> {t('word.customer')}
        </div>
      )}
      <Async
        loading={query.isLoading}
        error={answer ? null : asError(query.error)}
        stale={query.isError && Boolean(answer)}
        retry={() => void query.refetch()}
      >
        {answer && (
          <>
            <Head answer={answer} onEdit={() => setEditing(true)} />
            <Tabs
              label={t('word.customer')}
              value={tab}
              onChange={setTab}
              tabs={[
                { id: 'profile', label: t('customer.profile') },
                { id: 'timeline', label: t('customer.timeline') },
              ]}
            />
            <div className="customer-body">
              {tab === 'profile' ? (
                <Profile answer={answer} caseId={caseId} />
              ) : (
                <Timeline id={id} first={answer} onOpen={(to) => go(href('case', to))} />
              )}
            </div>
            {editing && (
              <EditCustomer customer={answer.customer} onClose={() => setEditing(false)} />
            )}
          </>
        )}
      </Async>
    </aside>
  );
}
