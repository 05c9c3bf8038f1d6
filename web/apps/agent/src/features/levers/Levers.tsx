// The levers in force, those that wait for a second person, those that ended during the last day.

import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { LeverRow } from '@api/lever';
import { Async } from '@ui/Async';
import { Button } from '@ui/Button';
import { asError } from '@agent/data/act';
import { useNow } from '@agent/data/hooks';
import { LeverCard } from './LeverCard';
import { LeverDialog } from './LeverDialog';
import { useLevers } from './useLevers';
import './levers.css';

interface GroupProps {
  title: string;
  rows: readonly LeverRow[];
  now: number;
}

function Group({ title, rows, now }: GroupProps) {
  if (rows.length === 0) return null;
  return (
    <section className="lever-group" aria-label={title}>
      <h2 className="lever-title">
        {title} <span className="soft figures">{rows.length}</span>
      </h2>
      <ul className="lever-list">
        {rows.map((row) => (
          <LeverCard key={row.id} row={row} now={now} />
        ))}
      </ul>
    </section>
  );
}

/** The panel; `departments` (their ids) narrows it, none = all places one leads. */
export function Levers({ departments }: { departments: readonly string[] }) {
  const { t } = useTranslation();
  const list = useLevers();
  const now = useNow(1000);
  const [open, setOpen] = useState(false);
  const here = (row: LeverRow): boolean =>
    departments.length === 0 || !row.department_id || departments.includes(row.department_id);
  const rows = (list.data?.items ?? []).filter(here);
  const of = (...states: LeverRow['state'][]): LeverRow[] =>
    rows.filter((row) => states.includes(row.state));
  const fresh = (
    <Button icon="plus" onClick={() => setOpen(true)}>
      {t('lever.new')}
    </Button>
  );
  return (
    <div className="levers">
      <div className="row lever-head">
        <p className="soft small grow">{t('lever.hint')}</p>
        {rows.length > 0 && fresh}
      </div>
      <Async
        loading={list.isLoading}
        error={list.data ? null : asError(list.error)}
        retry={() => void list.refetch()}
        empty={rows.length === 0}
        nothing={{
          title: t('lever.none'),
          hint: t('lever.none_hint'),
          icon: 'bolt',
          action: fresh,
        }}
      >
        <Group title={t('lever.asked')} rows={of('asked')} now={now} />
        <Group title={t('lever.in_force')} rows={of('in_force')} now={now} />
        <Group
          title={t('lever.ended')}
          rows={of('undone', 'expired', 'permanent', 'withdrawn')}
          now={now}
        />
      </Async>
      {open && <LeverDialog onClose={() => setOpen(false)} />}
    </div>
  );
}
