// Who did what with a Case, when and why.

import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { dayTime } from '@i18n/format';
import { Async } from '@ui/Async';
import { Dialog } from '@ui/Dialog';
import { asError } from '@agent/data/act';
import { useLanguage, useNames, useNow, useWorkspace } from '@agent/data/hooks';

interface Line {
  at: string;
  type?: string;
  act?: string;
  actor?: { kind?: string; id?: string; name?: string } | string;
  actor_kind?: string;
  actor_id?: string | null;
  reason?: string;
}

export function HistoryDialog({ id, onClose }: { id: string; onClose: () => void }) {
  const { t } = useTranslation();
  const language = useLanguage();
  const now = useNow(60_000);
  const names = useNames();
  const { client } = useWorkspace();
  const query = useQuery({
    queryKey: ['case-events', id],
    queryFn: () => client.get<{ items?: Line[]; events?: Line[] }>(`/v1/cases/${id}/events`),
    staleTime: 0,
  });
  const lines = query.data?.items ?? query.data?.events ?? [];
  const who = (line: Line): string => {
    const actor = typeof line.actor === 'object' ? line.actor : undefined;
    const kind =
      actor?.kind ?? line.actor_kind ?? (typeof line.actor === 'string' ? line.actor : 'system');
    return (
      actor?.name ||
      names.person(actor?.id ?? line.actor_id) ||
      t(`actor.${kind}`, { defaultValue: kind })
    );
  };
  const what = (line: Line): string => {
    const code = line.type ?? line.act ?? '';
    return t(`event.${code}`, { defaultValue: code.replaceAll(/[._]/g, ' ') });
  };
  return (
    <Dialog wide title={t('action.history')} onClose={onClose}>
      <Async
        loading={query.isLoading}
        error={asError(query.error)}
        retry={() => void query.refetch()}
        empty={lines.length === 0}
        nothing={{ title: t('history.nothing'), icon: 'clock' }}
      >
        <ol className="history">
          {lines.map((line, index) => (
            <li key={`${line.at}${index}`} className="row">
              <time className="tiny soft figures" dateTime={line.at}>
                {dayTime(language, Date.parse(line.at), now)}
              </time>
              <span className="grow">{what(line)}</span>
              <span className="small soft">{who(line)}</span>
            </li>
          ))}
        </ol>
      </Async>
    </Dialog>
  );
}
