// The whole page about one customer: who he is on the left, what happened on the right.

import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Async } from '@ui/Async';
import { Icon } from '@ui/Icon';
import { Tabs } from '@ui/Small';
import { asError } from '@agent/data/act';
import { go, href } from '@agent/data/router';
import { EditCustomer } from './EditCustomer';
import { Body, Head, useTabs } from './Panel';
import { Profile } from './Profile';
import { useCustomer } from './useCustomer';

export function CustomerPage({ id }: { id: string }) {
  const { t } = useTranslation();
  const [tab, setTab] = useState('timeline');
  const [editing, setEditing] = useState(false);
  const query = useCustomer(id, '');
  const answer = query.data;
  const tabs = useTabs(answer, false);
  const now = answer?.canonical_id;
  useEffect(() => {
    if (now && now !== id) go(href('customer', now), true); // somebody who was joined with another
  }, [id, now]);
  return (
    <div className="customer-page scroll">
      <h1 className="customer-path">
        <a href={href('customers')}>
          <Icon name="left" size={14} /> {t('word.customers')}
        </a>
      </h1>
      <Async
        loading={query.isLoading}
        error={answer ? null : asError(query.error)}
        stale={query.isError && Boolean(answer)}
        retry={() => void query.refetch()}
      >
        {answer && (
          <div className="customer-columns">
            <section className="customer-card" aria-label={t('customer.profile')}>
              <Head answer={answer} onEdit={() => setEditing(true)} />
              <Profile answer={answer} />
            </section>
            <section className="customer-card" aria-label={t('customer.what_happened')}>
              <Tabs label={t('customer.what_happened')} value={tab} onChange={setTab} tabs={tabs} />
              <div className={`customer-body customer-body-${tab}`}>
                <Body tab={tab} answer={answer} />
              </div>
            </section>
            {editing && (
              <EditCustomer customer={answer.customer} onClose={() => setEditing(false)} />
            )}
          </div>
        )}
      </Async>
    </div>
  );
}
