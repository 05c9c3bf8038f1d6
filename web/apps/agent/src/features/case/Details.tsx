// The details of a Case: its targets in words, who takes part and follows, what it is tied to.

import { Suspense } from 'react';
import { useTranslation } from 'react-i18next';
import type { Case, CaseAnswer } from '@api/types';
import { mediumTime } from '@i18n/format';
import { late } from '@i18n/late';
import { useLanguage, useNames, useNow } from '@agent/data/hooks';
import { href } from '@agent/data/router';
import { spoken } from '@agent/parts/address';

const Promises = late('dialogs', async () => (await import('./Promises')).Promises);

/** "14:05 in Prague": only where we know the zone of the customer. */
function TheirTime({ zone }: { zone: string }) {
  const { t } = useTranslation();
  const language = useLanguage();
  const now = useNow(30_000);
  let time: string;
  try {
    time = new Intl.DateTimeFormat(language, {
      hour: '2-digit',
      minute: '2-digit',
      timeZone: zone,
    }).format(now);
  } catch {
    return null;
  }
  const place = zone.split('/').at(-1)?.replaceAll('_', ' ') ?? zone;
  return (
    <>
      <dt>{t('case.their_time')}</dt>
      <dd>{t('case.time_in', { time, place })}</dd>
    </>
  );
}

export function Details({ found, answer }: { found: Case; answer: CaseAnswer }) {
  const { t } = useTranslation();
  const language = useLanguage();
  const names = useNames();
  const people = answer.participants
    .map((one) => spoken(String(one.address ?? ''), t))
    .filter(Boolean);
  const owner = names.person(found.owner_id);
  return (
    <>
      <dl className="case-details small">
        <dt>{t('case.kind')}</dt>
        <dd>
          {found.kind_name?.[language] ??
            found.kind_name?.en ??
            t(`case.kind.${found.kind ?? 'request'}`, { defaultValue: found.kind ?? '' })}
        </dd>
        {owner && (
          <>
            <dt>{t('case.owner')}</dt>
            <dd>{owner}</dd>
          </>
        )}
        <dt>{t('case.opened')}</dt>
        <dd>{mediumTime(language, Date.parse(found.opened_at))}</dd>
        {found.customer.zone && <TheirTime zone={found.customer.zone} />}
        {people.length > 0 && (
          <>
            <dt>{t('case.participants')}</dt>
            <dd>{people.join(', ')}</dd>
          </>
        )}
        {(answer.followers ?? []).length > 0 && (
          <>
            <dt>{t('case.followers')}</dt>
            <dd>{(answer.followers ?? []).map((one) => one.name).join(', ')}</dd>
          </>
        )}
        {(found.links ?? []).length > 0 && (
          <>
            <dt>{t('case.links')}</dt>
            <dd className="row wrap">
              {(found.links ?? []).map((link) => (
                <a
                  key={`${link.case_id}${link.kind}${String(link.back)}`}
                  href={href('case', link.case_id)}
                >
                  {t(`case.link.${link.kind}${link.back ? '_back' : ''}`, {
                    reference: link.reference,
                  })}
                </a>
              ))}
            </dd>
          </>
        )}
      </dl>
      <Suspense fallback={null}>
        <Promises found={found} may={answer.may.edit !== false} />
      </Suspense>
    </>
  );
}
