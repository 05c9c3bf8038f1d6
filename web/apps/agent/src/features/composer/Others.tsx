// Drafts beside one's own: what a colleague has begun, and what another device of mine wrote.

import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { CaseAnswer, DraftEntity, OtherDraft } from '@api/types';
import { Button } from '@ui/Button';
import { Dialog } from '@ui/Dialog';
import { Icon } from '@ui/Icon';
import { useAct } from '@agent/data/act';
import { useRows, useWorkspace } from '@agent/data/hooks';
import { Ago } from '@agent/parts/Marks';

interface TheirsProps {
  answer: CaseAnswer;
  /** A colleague's draft is mine now. */
  onAdopted: (draft: DraftEntity) => void;
}

/** "Jana has a draft": told by the stream, its words fetched when somebody looks. */
export function Theirs({ answer, onAdopted }: TheirsProps) {
  const { t } = useTranslation();
  const { me } = useWorkspace();
  const rows = useRows('draft', answer.case.id);
  const [looking, setLooking] = useState<string>();
  const theirs = rows.filter((row) => row.person_id !== me.id);
  const shown = theirs.find((row) => row.id === looking);
  return (
    <>
      {theirs.map((row) => (
        <div key={row.id} className="theirs tiny">
          <Icon name={row.mode === 'note' ? 'lock' : 'edit'} size={13} />
          <span className="grow cut">
            {t(row.mode === 'note' ? 'composer.has_note' : 'composer.has_draft', {
              name: row.person ?? '',
            })}
          </span>
          <Button small look="quiet" onClick={() => setLooking(row.id)}>
            {t('composer.look')}
          </Button>
        </div>
      ))}
      {shown && (
        <Look
          row={shown}
          may={answer.may.reply !== false}
          onClose={() => setLooking(undefined)}
          onAdopted={onAdopted}
        />
      )}
    </>
  );
}

interface LookProps {
  row: DraftEntity;
  may: boolean;
  onClose: () => void;
  onAdopted: (draft: DraftEntity) => void;
}

function Look({ row, may, onClose, onAdopted }: LookProps) {
  const { t } = useTranslation();
  const workspace = useWorkspace();
  const { busy, run } = useAct();
  const query = useQuery({
    queryKey: ['draft', row.id],
    queryFn: async () => {
      const answer = await workspace.client.get<CaseAnswer>(`/v1/cases/${row.case_id}`);
      return answer.drafts.find((one) => one.id === row.id) ?? null;
    },
    staleTime: 0,
  });
  const adopt = (): void =>
    void run(async () => {
      const path = `/v1/drafts/${row.id}/adopt`;
      onAdopted(await workspace.client.post<DraftEntity>(path));
      onClose();
    });
  const words = query.data?.text;
  return (
    <Dialog
      title={t('composer.has_draft', { name: row.person ?? '' })}
      onClose={onClose}
      actions={
        <>
          <Button onClick={onClose}>{t('ui.close')}</Button>
          {may && (
            <Button look="primary" busy={busy} onClick={adopt}>
              {t('composer.adopt')}
            </Button>
          )}
        </>
      }
    >
      {query.isLoading ? (
        <p className="soft" aria-busy="true" />
      ) : (
        <p className={words ? 'bubble said' : 'soft'}>{words || t('composer.draft_private')}</p>
      )}
    </Dialog>
  );
}

interface VersionsProps {
  caseId: string;
  slot: string;
  onChoose: (text: string) => void;
  onClose: () => void;
}

/** What other devices wrote here in the last seven days. */
export function Versions({ caseId, slot, onChoose, onClose }: VersionsProps) {
  const { t } = useTranslation();
  const { client } = useWorkspace();
  const [mode = '', channel = ''] = slot.split(':');
  const query = useQuery({
    queryKey: ['others', caseId, slot],
    queryFn: async () => {
      const path = `/v1/cases/${caseId}/drafts/${mode}/others`;
      return (await client.get<{ items: OtherDraft[] }>(path, { query: { channel } })).items;
    },
    staleTime: 0,
  });
  return (
    <Dialog title={t('composer.versions')} onClose={onClose}>
      {query.data?.length === 0 && <p className="soft">{t('composer.versions_none')}</p>}
      {query.isError && <p className="soft">{t('ui.failed')}</p>}
      {query.data?.map((one) => (
        <article key={one.id} className="mail-card stack">
          <p className="tiny soft">
            <Ago at={one.at} />
          </p>
          <p className="said">{one.text}</p>
          <div>
            <Button
              small
              onClick={() => {
                onChoose(one.text);
                onClose();
              }}
            >
              {t('composer.versions_use')}
            </Button>
          </div>
        </article>
      ))}
    </Dialog>
  );
}
