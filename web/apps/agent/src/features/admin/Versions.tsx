// Earlier versions of the rules: who saved what, what changed, and bringing one back as a draft.

import { useInfiniteQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { mediumTime } from '@i18n/format';
import { Async } from '@ui/Async';
import { Button } from '@ui/Button';
import { Dialog } from '@ui/Dialog';
import { Chip } from '@ui/Small';
import { asError } from '@agent/data/act';
import { useLanguage, useWorkspace } from '@agent/data/hooks';
import { More } from './More';
import { diff, type RuleLine, type RuleVersion } from './ruleModel';

interface Page {
  items: RuleVersion[];
  next_before: number | null;
}

function Changes({ before, after }: { before: readonly RuleLine[]; after: readonly RuleLine[] }) {
  const { t } = useTranslation();
  const found = diff(before, after);
  const rows = [
    { sign: '+', tone: 'good' as const, names: found.added },
    { sign: '−', tone: 'bad' as const, names: found.removed },
    { sign: '±', tone: 'warn' as const, names: found.changed },
  ].flatMap(({ sign, tone, names }) => names.map((name) => ({ sign, tone, name })));
  return (
    <span className="row wrap">
      {rows.map(({ sign, tone, name }) => (
        <Chip key={sign + name} tone={tone}>
          {sign} {name}
        </Chip>
      ))}
      {found.moved && <Chip>{t('rules.order_changed')}</Chip>}
      {rows.length === 0 && !found.moved && (
        <span className="tiny soft">{t('rules.no_change')}</span>
      )}
    </span>
  );
}

interface VersionsProps {
  onClose: () => void;
  onTake: (version: RuleVersion) => void;
}

export function Versions({ onClose, onTake }: VersionsProps) {
  const { t } = useTranslation();
  const { client } = useWorkspace();
  const language = useLanguage();
  const query = useInfiniteQuery({
    queryKey: ['admin', 'rule-versions'],
    queryFn: ({ pageParam }) =>
      client.get<Page>('/v1/rules/versions', { query: { before: pageParam } }),
    initialPageParam: undefined as number | undefined,
    getNextPageParam: (last) => last.next_before ?? undefined,
  });
  const rows = query.data?.pages.flatMap((page) => page.items) ?? [];
  return (
    <Dialog wide title={t('rules.history')} onClose={onClose}>
      <Async
        loading={query.isLoading}
        error={asError(query.error)}
        retry={() => void query.refetch()}
        empty={rows.length === 0}
        nothing={{ title: t('rules.history_none') }}
      >
        <ol className="plain-list versions">
          {rows.map((row, at) => (
            <li key={row.version} className="version">
              <div className="grow stack-tight">
                <span className="row wrap">
                  <strong>{t('rules.version', { version: row.version })}</strong>
                  <span className="small soft">
                    {mediumTime(language, Date.parse(row.active_from))}
                    {row.by_name && ` · ${row.by_name}`}
                  </span>
                  {at === 0 && <Chip tone="good">{t('rules.in_force')}</Chip>}
                </span>
                <Changes before={rows[at + 1]?.rules ?? []} after={row.rules} />
              </div>
              {at > 0 && (
                <Button small icon="undo" onClick={() => onTake(row)}>
                  {t('rules.take_back')}
                </Button>
              )}
            </li>
          ))}
        </ol>
        <More of={query} />
      </Async>
    </Dialog>
  );
}
