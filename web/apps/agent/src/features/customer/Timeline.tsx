// Everything with this customer, newest first, over all channels and departments.

import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { CustomerAnswer, TimelineRow } from '@api/types';
import { Empty } from '@ui/Async';
import { Button } from '@ui/Button';
import { Icon } from '@ui/Icon';
import { useAct } from '@agent/data/act';
import { useNames, useWorkspace } from '@agent/data/hooks';
import { Ago, ChannelMark } from '@agent/parts/Marks';

interface TimelineProps {
  id: string;
  first: CustomerAnswer;
  onOpen: (caseId: string) => void;
}

function Line({ row, onOpen }: { row: TimelineRow; onOpen: (caseId: string) => void }) {
  const names = useNames();
  const author = typeof row.author === 'string' ? row.author : (row.author?.name ?? '');
  return (
    <li>
      <button
        type="button"
        className={`timeline-row timeline-${row.kind}`}
        onClick={() => onOpen(row.case_id)}
      >
        <span className="timeline-mark">
          {row.kind === 'note' ? (
            <Icon name="lock" size={13} />
          ) : (
            <ChannelMark kind={row.channel_kind} size={13} />
          )}
        </span>
        <span className="grow">
          <span className="row tiny soft">
            <span className="cut">{author}</span>
            <span className="cut">{names.department(row.department_id)}</span>
            <span className="grow" />
            <Ago at={row.at} />
          </span>
          <span className="timeline-text">{row.preview}</span>
        </span>
      </button>
    </li>
  );
}

export function Timeline({ id, first, onOpen }: TimelineProps) {
  const { t } = useTranslation();
  const { client } = useWorkspace();
  const { busy, run } = useAct();
  const [older, setOlder] = useState<{ rows: TimelineRow[]; next: string | null }>();
  const rows = [...first.timeline, ...(older?.rows ?? [])];
  const next = older ? older.next : first.next;
  if (rows.length === 0) return <Empty title={t('customer.no_timeline')} icon="clock" />;
  const more = (): void =>
    void run(async () => {
      const page = await client.get<CustomerAnswer>(`/v1/customers/${id}`, {
        query: { cursor: next },
      });
      setOlder({ rows: [...(older?.rows ?? []), ...page.timeline], next: page.next });
    });
  return (
    <>
      <ol className="timeline">
        {rows.map((row, index) => (
          <Line key={`${row.case_id}${row.at}${index}`} row={row} onOpen={onOpen} />
        ))}
      </ol>
      {next && (
        <Button small busy={busy} onClick={more}>
          {t('customer.older')}
        </Button>
      )}
    </>
  );
}
