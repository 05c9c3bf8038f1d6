// Who he is: how to reach him best, his addresses with their proof, what we know beside.

import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { count, mediumDate, mediumTime } from '@i18n/format';
import type { CustomerAnswer, Identity, UsualChannel } from '@api/types';
import { Button, IconButton } from '@ui/Button';
import { Chip } from '@ui/Small';
import { useLanguage } from '@agent/data/hooks';
import { spoken } from '@agent/parts/address';
import { Ago, ChannelMark } from '@agent/parts/Marks';
import { Attributes } from './Attributes';
import { useWrites } from './useCustomer';

/** An address typed by a person is a claim; what the channel or a proof said weighs more. */
function Proof({ identity }: { identity: Identity }) {
  const { t } = useTranslation();
  if (identity.state !== 'good')
    return (
      <Chip tone="warn" icon="alert" title={identity.state_why ?? undefined}>
        {t(`identity.state.${identity.state}`)}
      </Chip>
    );
  const sure = identity.level >= 2;
  return (
    <Chip tone={sure ? 'good' : 'plain'} icon={sure ? 'check' : undefined}>
      {t(`identity.level.${identity.level}`)}
    </Chip>
  );
}

function IdentityLine({ identity }: { identity: Identity }) {
  const { t } = useTranslation();
  const language = useLanguage();
  const source = t(`identity.method.${identity.method ?? ''}`, { defaultValue: '' });
  const since = identity.since ? mediumDate(language, Date.parse(identity.since)) : '';
  return (
    <li className="identity">
      <ChannelMark kind={identity.kind} />
      <span className="grow">
        <span className="cut identity-address" title={identity.address}>
          {spoken(identity.address, t)}
        </span>
        <span className="tiny soft cut">
          {[source, since && t('customer.since', { when: since })].filter(Boolean).join(' · ')}
        </span>
      </span>
      <Proof identity={identity} />
    </li>
  );
}

function Usual({ usual }: { usual: UsualChannel | null }) {
  const { t } = useTranslation();
  if (!usual) return <span className="soft">{t('customer.usual_none')}</span>;
  const why =
    usual.why === 'mostly'
      ? t('customer.usual_mostly', { n: usual.n, count: usual.of })
      : t('customer.usual_only');
  return (
    <span className="customer-usual">
      <ChannelMark kind={usual.channel_kind} /> {t(`channel.${usual.channel_kind}`)}
      <span className="tiny soft">{why}</span>
    </span>
  );
}

function Facts({ answer }: { answer: CustomerAnswer }) {
  const { t } = useTranslation();
  const language = useLanguage();
  const { summary, customer } = answer;
  const first = summary.first_at ?? customer.created_at;
  return (
    <dl className="facts">
      <dt>{t('customer.usual')}</dt>
      <dd>
        <Usual usual={answer.usual} />
      </dd>
      <dt>{t('word.cases')}</dt>
      <dd>
        {count(language, summary.cases)}
        {summary.open_cases > 0 && (
          <span className="soft"> · {t('customer.open_count', { count: summary.open_cases })}</span>
        )}
      </dd>
      <dt>{t('customer.contacts')}</dt>
      <dd>{count(language, summary.interactions)}</dd>
      {first && (
        <>
          <dt>{t('customer.first_seen')}</dt>
          <dd>{mediumTime(language, Date.parse(first))}</dd>
        </>
      )}
      {summary.last_at && (
        <>
          <dt>{t('customer.last_seen')}</dt>
          <dd>
            <Ago at={summary.last_at} />
          </dd>
        </>
      )}
    </dl>
  );
}

export function Profile({ answer }: { answer: CustomerAnswer }) {
  const { t } = useTranslation();
  const writes = useWrites();
  const [editing, setEditing] = useState(false);
  const attrs = Object.entries(answer.customer.attrs ?? {});
  return (
    <div className="stack customer-profile">
      <Facts answer={answer} />
      <section>
        <h3>{t('customer.identities')}</h3>
        {answer.identities.length === 0 && (
          <p className="small soft">{t('customer.no_identities')}</p>
        )}
        <ul>
          {answer.identities.map((identity) => (
            <IdentityLine key={`${identity.id} ${identity.role}`} identity={identity} />
          ))}
        </ul>
      </section>
      <section>
        <div className="row">
          <h3 className="grow">{t('customer.attributes')}</h3>
          {writes && attrs.length > 0 && (
            <IconButton
              icon="edit"
              label={t('customer.attributes_edit')}
              onClick={() => setEditing(true)}
            />
          )}
        </div>
        {attrs.length > 0 ? (
          <dl className="facts">
            {attrs.map(([name, value]) => (
              <div key={name} className="facts-pair">
                <dt>{name}</dt>
                <dd>{String(value)}</dd>
              </div>
            ))}
          </dl>
        ) : (
          <p className="small soft profile-empty">{t('customer.no_attributes')}</p>
        )}
        {writes && attrs.length === 0 && (
          <Button small icon="plus" onClick={() => setEditing(true)}>
            {t('customer.attribute_add')}
          </Button>
        )}
      </section>
      {editing && <Attributes customer={answer.customer} onClose={() => setEditing(false)} />}
    </div>
  );
}
