// Merging this Case into another one of the same matter; it can be taken back.

import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Case, SearchAnswer } from '@api/types';
import { Async } from '@ui/Async';
import { Confirm } from '@ui/Confirm';
import { Dialog } from '@ui/Dialog';
import { TextField } from '@ui/Field';
import { asError, useAct } from '@agent/data/act';
import { useWorkspace } from '@agent/data/hooks';
import { go, href } from '@agent/data/router';
import { CaseLine } from '@agent/parts/CaseLine';

export function MergeDialog({ found, onClose }: { found: Case; onClose: () => void }) {
  const { t } = useTranslation();
  const { client, store, undos } = useWorkspace();
  const { busy, run } = useAct();
  const [text, setText] = useState(found.customer.name);
  const [into, setInto] = useState<string>();
  const query = useQuery({
    queryKey: ['search', text],
    queryFn: () => client.get<SearchAnswer>('/v1/search/suggestions', { query: { q: text } }),
    enabled: text.trim().length > 1,
  });
  const cases = (query.data?.cases ?? []).filter(
    (one) => one.id !== found.id && one.state !== 'merged',
  );
  const merge = async (): Promise<void> => {
    const path = `/v1/cases/${found.id}`;
    const good = await run(() => client.post(`${path}/merge`, { body: { into } }));
    if (good && into) {
      undos.offer(t('merge.done'), async () => {
        store.put('case', await client.post<Case>(`${path}/unmerge`));
        go(href('case', found.id));
      });
      onClose();
      go(href('case', into));
    }
  };
  return (
    <Dialog
      title={t('merge.title')}
      onClose={onClose}
      actions={
        <Confirm
          onClose={onClose}
          icon="merge"
          busy={busy}
          disabled={!into}
          onClick={() => void merge()}
        >
          {t('merge.confirm')}
        </Confirm>
      }
    >
      <p className="soft">{t('merge.hint')}</p>
      <TextField
        label={t('merge.find')}
        type="search"
        value={text}
        onChange={(event) => setText(event.target.value)}
      />
      <Async
        loading={query.isLoading}
        error={asError(query.error)}
        empty={cases.length === 0}
        nothing={{ title: t('search.nothing'), icon: 'search' }}
      >
        <div className="stack-tight" role="radiogroup" aria-label={t('word.cases')}>
          {cases.slice(0, 8).map((one) => (
            <label key={one.id} className="choice">
              <input
                type="radio"
                name="into"
                checked={into === one.id}
                onChange={() => setInto(one.id)}
              />
              <CaseLine found={one} />
            </label>
          ))}
        </div>
      </Async>
    </Dialog>
  );
}
