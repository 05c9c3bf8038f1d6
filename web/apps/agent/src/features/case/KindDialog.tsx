// Which kind a Case is of: choosing one begins its process.

import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Case, CaseKind, CaseStep } from '@api/types';
import { Async, Empty, Skeleton } from '@ui/Async';
import { Confirm } from '@ui/Confirm';
import { Dialog } from '@ui/Dialog';
import { Select } from '@ui/Field';
import { asError, useAct } from '@agent/data/act';
import { useLanguage, useWorkspace } from '@agent/data/hooks';
import { takeSteps } from './useStep';

interface Props {
  found: Case;
  onClose: () => void;
}

export function KindDialog({ found, onClose }: Props) {
  const { t } = useTranslation();
  const language = useLanguage();
  const { client, store } = useWorkspace();
  const { busy, run } = useAct();
  const [chosen, setChosen] = useState(found.kind_id ?? '');
  const query = useQuery({
    queryKey: ['case_kinds'],
    queryFn: async () => (await client.get<{ items: CaseKind[] }>('/v1/case_kinds')).items,
  });
  const kinds = query.data ?? [];
  const set = async (): Promise<void> => {
    const good = await run(
      async () =>
        takeSteps(
          store,
          await client.put<{ case: Case; steps: CaseStep[] }>(`/v1/cases/${found.id}/kind`, {
            body: { kind_id: chosen || null },
          }),
        ),
      t('kind.set'),
    );
    if (good) onClose();
  };
  const runs = Boolean(found.steps?.now);
  return (
    <Dialog
      title={t('kind.title')}
      onClose={onClose}
      actions={
        <Confirm
          onClose={onClose}
          icon="check"
          busy={busy}
          disabled={chosen === (found.kind_id ?? '')}
          onClick={() => void set()}
        >
          {t('kind.do')}
        </Confirm>
      }
    >
      <Async
        loading={query.isLoading}
        error={query.data ? null : asError(query.error)}
        retry={() => void query.refetch()}
        skeleton={<Skeleton rows={2} />}
      >
        {kinds.length === 0 ? (
          <Empty icon="checks" title={t('kind.none')} hint={t('kind.none_hint')} />
        ) : (
          <>
            <p className="soft">{t(runs ? 'kind.hint_runs' : 'kind.hint')}</p>
            <Select
              label={t('case.kind')}
              value={chosen}
              onChange={setChosen}
              options={[
                { value: '', label: t('kind.plain') },
                ...kinds.map((one) => ({
                  value: one.id,
                  label: one.name[language] ?? one.name.en ?? one.key,
                })),
              ]}
            />
          </>
        )}
      </Async>
    </Dialog>
  );
}
