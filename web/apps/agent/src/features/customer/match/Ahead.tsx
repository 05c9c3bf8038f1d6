// What a join would do: both as they are, who wins where they differ, what stands beside what.

import { useTranslation } from 'react-i18next';
import { count, mediumDate } from '@i18n/format';
import { LANGUAGE_NAMES, supported } from '@i18n/index';
import type { MatchAhead, MatchField, MatchSide } from '@api/types';
import { Icon } from '@ui/Icon';
import { Chip } from '@ui/Small';
import { useLanguage } from '@agent/data/hooks';
import { spoken } from '@agent/parts/address';
import { CaseLine } from '@agent/parts/CaseLine';
import { ChannelMark, TierMark } from '@agent/parts/Marks';
import { useFields } from './fields';

function Side({ side, stays }: { side: MatchSide; stays: boolean }) {
  const { t } = useTranslation();
  const language = useLanguage();
  const { customer, summary } = side;
  const spoke = supported(customer.language);
  return (
    <div className="match-side">
      <h3 className="row">
        <span className="cut grow">{customer.name || t('customer.unnamed')}</span>
        <TierMark tier={customer.tier} />
      </h3>
      <p className="tiny soft">
        {[
          spoke ? LANGUAGE_NAMES[spoke] : customer.language,
          customer.created_at &&
            t('customer.since', { when: mediumDate(language, Date.parse(customer.created_at)) }),
          t('match.cases', { count: summary.cases, n: count(language, summary.cases) }),
        ]
          .filter(Boolean)
          .join(' · ')}
      </p>
      <ul className="match-addresses">
        {side.identities.map((one) => (
          <li key={`${one.id} ${one.role}`} className="row small">
            <ChannelMark kind={one.kind} />
            <span className="cut" title={one.address}>
              {spoken(one.address, t)}
            </span>
          </li>
        ))}
      </ul>
      <Chip tone={stays ? 'good' : 'plain'}>{t(stays ? 'match.stays' : 'match.goes_on')}</Chip>
    </div>
  );
}

function Conflicts({ fields }: { fields: readonly MatchField[] }) {
  const { t } = useTranslation();
  const { named, said } = useFields();
  const open = fields.filter((one) => one.others.length > 0);
  if (open.length === 0) return <p className="small soft">{t('match.no_conflict')}</p>;
  return (
    <ul className="stack-tight">
      {open.map((one) => (
        <li key={one.field} className="match-field">
          <span className="small soft">{named(one.field)}</span>
          <span>
            <strong>{said(one.field, one.value)}</strong>{' '}
            <span className="tiny soft">{t(`match.why.${one.why}`)}</span>
          </span>
          <span className="small soft">
            {t('match.instead', {
              value: [...new Set(one.others.map((rest) => said(one.field, rest.value)))].join(', '),
            })}
          </span>
        </li>
      ))}
    </ul>
  );
}

function Visible({ ahead }: { ahead: MatchAhead }) {
  const { t } = useTranslation();
  const language = useLanguage();
  const name = (id: string): string =>
    ahead.sides.find((one) => one.customer.id === id)?.customer.name ?? '';
  if (ahead.visible.length === 0) return <p className="small soft">{t('match.no_talks')}</p>;
  return (
    <ul className="stack-tight">
      {ahead.visible.map((one) => (
        <li key={`${one.customer_id} ${one.department_id}`} className="row small">
          <Icon name={one.members_only ? 'lock' : 'eye'} size={14} />
          <span className="grow">
            {t('match.talks', {
              count: one.interactions,
              n: count(language, one.interactions),
              name: name(one.customer_id),
              department: one.department,
            })}
          </span>
          {one.members_only && <Chip icon="lock">{t('match.members_only')}</Chip>}
        </li>
      ))}
    </ul>
  );
}

export function Ahead({ ahead }: { ahead: MatchAhead }) {
  const { t } = useTranslation();
  const cases = ahead.sides.flatMap((one) => one.open_cases);
  return (
    <div className="stack" role="group" aria-label={t('match.ahead')}>
      <div className="match-sides">
        {ahead.sides.map((side) => (
          <Side
            key={side.customer.id}
            side={side}
            stays={side.customer.id === ahead.canonical_id}
          />
        ))}
      </div>
      <section>
        <h3 className="match-title">{t('match.conflicts')}</h3>
        <Conflicts fields={ahead.fields} />
      </section>
      <section>
        <h3 className="match-title">{t('match.visible')}</h3>
        <Visible ahead={ahead} />
      </section>
      {cases.length > 0 && (
        <section>
          <h3 className="match-title">{t('customer.open_cases')}</h3>
          <ul className="stack-tight">
            {cases.map((one) => (
              <li key={one.id} className="row small">
                <CaseLine found={one} />
              </li>
            ))}
          </ul>
        </section>
      )}
    </div>
  );
}
