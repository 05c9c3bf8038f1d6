// Tying this Case to another one, and untying it; both show it.

import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Case, CaseLink, SearchAnswer } from '@api/types';
import { Async } from '@ui/Async';
import { Button, IconButton } from '@ui/Button';
import { Dialog } from '@ui/Dialog';
import { Select, TextField } from '@ui/Field';
import { asError, useAct } from '@agent/data/act';
import { useEntity, useWorkspace } from '@agent/data/hooks';
import { StateChip } from '@agent/parts/Marks';

const KINDS = ['perhaps', 'follows', 'duplicate'];

function Tied({ links, untie }: { links: readonly CaseLink[]; untie: (link: CaseLink) => void }) {
  const { t } = useTranslation();
  if (links.length === 0) return null;
  return (
    <ul className="link-list">
      {links.map((link) => {
        const words = t(`case.link.${link.kind}${link.back ? '_back' : ''}`, {
          reference: link.reference,
        });
        return (
          <li key={`${link.case_id}${link.kind}${String(link.back)}`} className="row">
            <span className="grow">{words}</span>
            {KINDS.includes(link.kind) && (
              <IconButton
                icon="trash"
                label={t('tie.remove', { link: words })}
                onClick={() => untie(link)}
              />
            )}
          </li>
        );
      })}
    </ul>
  );
}

export function LinkDialog({ found, onClose }: { found: Case; onClose: () => void }) {
  const { t } = useTranslation();
  const { client, store, undos } = useWorkspace();
  const live = useEntity('case', found.id) ?? found;
  const { busy, run } = useAct();
  const [text, setText] = useState(found.customer.name);
  const [kind, setKind] = useState('perhaps');
  const query = useQuery({
    queryKey: ['search', text],
    queryFn: () => client.get<SearchAnswer>('/v1/search/suggestions', { query: { q: text } }),
    enabled: text.trim().length > 1,
  });
  const cases = (query.data?.cases ?? []).filter((one) => one.id !== found.id);
  const path = `/v1/cases/${found.id}/links`;
  const tied = async (other_id: string, of: string): Promise<boolean> =>
    store.put('case', await client.post<Case>(path, { body: { other_id, kind: of } }));
  const untied = async (other_id: string, of: string): Promise<boolean> =>
    store.put('case', await client.delete<Case>(path, { query: { other_id, kind: of } }));
  const tie = async (other: string): Promise<void> => {
    if (await run(() => tied(other, kind)))
      undos.offer(t('tie.done'), async () => void (await untied(other, kind)));
  };
  const untie = async ({ case_id: other, kind: of }: CaseLink): Promise<void> => {
    if (await run(() => untied(other, of)))
      undos.offer(t('tie.removed'), async () => void (await tied(other, of)));
  };
  return (
    <Dialog
      title={t('tie.title')}
      onClose={onClose}
      actions={<Button onClick={onClose}>{t('ui.close')}</Button>}
    >
      <Tied links={live.links ?? []} untie={(link) => void untie(link)} />
      <Select
        label={t('tie.kind')}
        value={kind}
        onChange={setKind}
        options={KINDS.map((value) => ({ value, label: t(`tie.kind.${value}`) }))}
      />
      <TextField
        label={t('tie.find')}
        value={text}
        onChange={(event) => setText(event.target.value)}
      />
      <Async
        loading={query.isLoading}
        error={asError(query.error)}
        nothing={query.isSuccess && cases.length === 0 ? { title: t('search.nothing') } : undefined}
      >
        <ul className="link-list">
          {cases.slice(0, 8).map((one) => (
            <li key={one.id}>
              <button
                type="button"
                className="pick-row row"
                aria-disabled={busy || undefined}
                onClick={() => !busy && void tie(one.id)}
              >
                <span className="figures small soft">{one.reference}</span>
                <span className="grow cut">{one.title || t('case.untitled')}</span>
                <StateChip state={one.state} />
              </button>
            </li>
          ))}
        </ul>
      </Async>
    </Dialog>
  );
}
