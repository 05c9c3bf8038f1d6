// The customer beside the Case: who it is, everything so far, his matters, what to know of him.

import { useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { LANGUAGE_NAMES, supported } from '@i18n/index';
import { count } from '@i18n/format';
import type { CustomerAnswer } from '@api/types';
import { Async } from '@ui/Async';
import { IconButton } from '@ui/Button';
import { Icon } from '@ui/Icon';
import { useTabStop } from '@ui/tabStop';
import { Chip, Face, Tabs } from '@ui/Small';
import { asError } from '@agent/data/act';
import { useEntity, useLanguage } from '@agent/data/hooks';
import { href } from '@agent/data/router';
import { TierMark } from '@agent/parts/Marks';
import { Acts } from './Acts';
import { Cases } from './Cases';
import { EditCustomer } from './EditCustomer';
import { Notes } from './Notes';
import { Profile } from './Profile';
import { Timeline } from './Timeline';
import { useCustomer, useWrites } from './useCustomer';

interface HeadProps {
  answer: CustomerAnswer;
  /** Leads to the whole page about him. */
  whole?: string;
  onEdit: () => void;
}

export function Head({ answer, whole, onEdit }: HeadProps) {
  const { t } = useTranslation();
  const writes = useWrites();
  const { customer } = answer;
  const language = supported(customer.language);
  const name = customer.name || t('customer.unnamed');
  return (
    <header className="customer-head">
      <Face name={customer.name || '?'} size="large" />
      <div className="grow">
        <h2 className="cut customer-name" title={name}>
          {name}
        </h2>
        <div className="row wrap">
          <TierMark tier={customer.tier} />
          {customer.language && (
            <Chip icon="globe">{language ? LANGUAGE_NAMES[language] : customer.language}</Chip>
          )}
        </div>
      </div>
      {writes && <IconButton icon="edit" label={t('customer.edit')} onClick={onEdit} />}
      <Acts customer={customer} />
      {whole && (
        <a
          className="icon-button"
          href={whole}
          title={t('customer.whole')}
          aria-label={t('customer.whole')}
        >
          <Icon name="out" size={17} />
        </a>
      )}
    </header>
  );
}

export function useTabs(answer: CustomerAnswer | undefined, profile: boolean) {
  const { t } = useTranslation();
  const language = useLanguage();
  const open = answer?.summary.open_cases ?? 0;
  return [
    ...(profile ? [{ id: 'profile', label: t('customer.profile') }] : []),
    { id: 'timeline', label: t('customer.timeline') },
    { id: 'cases', label: t('word.cases'), count: open > 0 ? count(language, open) : undefined },
    { id: 'notes', label: t('customer.notes') },
  ];
}

interface BodyProps {
  tab: string;
  answer: CustomerAnswer;
  caseId?: string;
}

export function Body({ tab, answer, caseId }: BodyProps) {
  const { id } = answer.customer;
  if (tab === 'timeline') return <Timeline id={id} />;
  if (tab === 'cases') return <Cases cases={answer.cases} caseId={caseId} />;
  if (tab === 'notes') return <Notes id={id} />;
  return <Profile answer={answer} />;
}

interface PanelProps {
  id: string;
  caseId?: string;
  onClose?: () => void;
}

export function CustomerPanel({ id, caseId, onClose }: PanelProps) {
  const { t } = useTranslation();
  const box = useRef<HTMLElement>(null);
  const stop = useTabStop(box);
  const [tab, setTab] = useState('profile');
  const [editing, setEditing] = useState(false);
  const query = useCustomer(id, useEntity('case', caseId)?.last_item);
  const answer = query.data;
  const tabs = useTabs(answer, true);
  return (
    <aside
      ref={box}
      className="customer-panel scroll"
      data-panel="customer"
      aria-label={t('word.customer')}
      tabIndex={stop ? 0 : -1}
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
            <Head answer={answer} whole={href('customer', id)} onEdit={() => setEditing(true)} />
            <Tabs label={t('word.customer')} value={tab} onChange={setTab} tabs={tabs} />
            <div className={`customer-body customer-body-${tab}`}>
              <Body tab={tab} answer={answer} caseId={caseId} />
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
