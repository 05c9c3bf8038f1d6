// His matters: open ones first, each with its state and who has it.

import { useTranslation } from 'react-i18next';
import type { Case } from '@api/types';
import { Empty } from '@ui/Async';
import { Face } from '@ui/Small';
import { useEntity, useNames } from '@agent/data/hooks';
import { href } from '@agent/data/router';
import { Ago, ChannelMark, StateChip } from '@agent/parts/Marks';

const OPEN = new Set(['open', 'wait_customer', 'wait_third_party']);

function CaseLine({ id, fallback, here }: { id: string; fallback: Case; here: boolean }) {
  const { t } = useTranslation();
  const names = useNames();
  const found = useEntity('case', id) ?? fallback;
  const owner = names.person(found.owner_id);
  return (
    <li>
      <a className="case-link" href={href('case', id)} aria-current={here ? 'true' : undefined}>
        <span className="row">
          {found.channels.map((kind) => (
            <ChannelMark key={kind} kind={kind} size={14} />
          ))}
          <span className="grow cut">{found.title || t('case.untitled')}</span>
          <StateChip state={found.state} />
        </span>
        <span className="row tiny soft">
          <span className="figures">{found.reference}</span>
          <span className="cut">{names.department(found.department_id)}</span>
          <span className="grow" />
          <Ago at={found.last_at} />
        </span>
        <span className="row tiny soft">
          {owner ? (
            <>
              <Face name={owner} size="small" /> {owner}
            </>
          ) : (
            OPEN.has(found.state) && t('customer.no_owner')
          )}
          {here && <span className="case-here">{t('customer.this_case')}</span>}
        </span>
      </a>
    </li>
  );
}

function Group({ title, rows, caseId }: { title: string; rows: Case[]; caseId?: string }) {
  if (rows.length === 0) return null;
  return (
    <section>
      <h3>{title}</h3>
      <ul className="stack-tight">
        {rows.map((row) => (
          <CaseLine key={row.id} id={row.id} fallback={row} here={row.id === caseId} />
        ))}
      </ul>
    </section>
  );
}

export function Cases({ cases, caseId }: { cases: Case[]; caseId?: string }) {
  const { t } = useTranslation();
  if (cases.length === 0)
    return <Empty title={t('customer.no_cases')} hint={t('customer.no_cases_hint')} icon="inbox" />;
  const open = cases.filter((one) => OPEN.has(one.state));
  const past = cases.filter((one) => !OPEN.has(one.state));
  return (
    <div className="stack">
      <Group title={t('customer.open_cases')} rows={open} caseId={caseId} />
      <Group title={t('customer.past_cases')} rows={past} caseId={caseId} />
      {cases.length >= 100 && <p className="tiny soft">{t('customer.newest_hundred')}</p>}
    </div>
  );
}
