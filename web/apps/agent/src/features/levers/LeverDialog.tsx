// Pull a lever: what, where, how much, how long, why; beside it what the routing would do with it.

import { useQueryClient } from '@tanstack/react-query';
import { useId, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { LeverPreview, LeverRow, LeverTerms } from '@api/lever';
import { Async } from '@ui/Async';
import { Button } from '@ui/Button';
import { Dialog } from '@ui/Dialog';
import { TextField } from '@ui/Field';
import { asError, useAct } from '@agent/data/act';
import { useWorkspace } from '@agent/data/hooks';
import { LeverFields } from './LeverFields';
import { begun, wishOf, type Draft } from './model';
import { Preview } from './Preview';
import { KEY, useLevers, useSaid } from './useLevers';
import { useForesight } from './useForesight';
import './levers.css';

interface DialogProps {
  queue?: string;
  channel?: string;
  onClose: () => void;
}

const startOf = (kinds: readonly LeverTerms[], place: string): Draft | undefined => {
  const first = kinds.find((one) => one.kind === 'weight');
  return first && begun(first, place);
};

function usePulling(onClose: () => void) {
  const { client } = useWorkspace();
  const queries = useQueryClient();
  const { busy, run } = useAct();
  const said = useSaid();
  const pull = async (draft: Draft, seen: LeverPreview | undefined): Promise<void> => {
    const wish = wishOf(draft);
    if (!wish || draft.reason.trim() === '') return;
    const shown = seen && {
      waiting: seen.waiting,
      wait_before_ms: seen.before.wait_ms,
      wait_after_ms: seen.after.wait_ms,
    };
    const done = await run(async () => {
      const body = { ...wish, reason: draft.reason.trim(), ...(shown ? { seen: shown } : {}) };
      said(await client.post<LeverRow>('/v1/levers', { body }));
      await queries.invalidateQueries({ queryKey: KEY });
    });
    if (done) onClose();
  };
  return { busy, pull };
}

interface FormProps {
  id: string;
  kinds: readonly LeverTerms[];
  draft: Draft;
  onDraft: (draft: Draft) => void;
  preview: ReturnType<typeof useForesight>;
  onPull: () => void;
}

function Form({ id, kinds, draft, onDraft, preview, onPull }: FormProps) {
  const { t } = useTranslation();
  return (
    <form
      id={id}
      noValidate
      className="lever-form"
      onSubmit={(event) => {
        event.preventDefault();
        onPull();
      }}
    >
      <div className="stack">
        <LeverFields kinds={kinds} draft={draft} onChange={onDraft} />
        <TextField
          label={t('lever.reason')}
          hint={t('lever.reason_hint')}
          value={draft.reason}
          maxLength={500}
          required
          onChange={(event) => onDraft({ ...draft, reason: event.target.value })}
        />
      </div>
      <Preview found={preview} chosen={draft.place.replace('queue ', '')} />
    </form>
  );
}

export function LeverDialog({ queue, channel, onClose }: DialogProps) {
  const { t } = useTranslation();
  const list = useLevers();
  const id = useId();
  const place = queue ? `queue ${queue}` : channel ? `channel ${channel}` : '';
  const [changed, setChanged] = useState<Draft>();
  const kinds = list.data?.kinds ?? [];
  const draft = changed ?? startOf(kinds, place);
  const preview = useForesight(draft && wishOf(draft));
  const { busy, pull } = usePulling(onClose);
  const ready = draft && wishOf(draft) !== undefined && draft.reason.trim() !== '';
  const send = (): void => {
    if (draft && ready && !busy) void pull(draft, preview.data);
  };
  return (
    <Dialog
      wide
      title={t('lever.new')}
      onClose={onClose}
      actions={
        <>
          <Button onClick={onClose}>{t('ui.cancel')}</Button>
          <Button type="submit" form={id} look="primary" busy={busy} disabled={!ready}>
            {t(preview.data?.needs_two ? 'lever.ask' : 'lever.pull')}
          </Button>
        </>
      }
    >
      <Async
        loading={!draft && list.isLoading}
        error={draft ? null : asError(list.error)}
        retry={() => void list.refetch()}
      >
        {draft && (
          <Form
            id={id}
            kinds={kinds}
            draft={draft}
            onDraft={setChanged}
            preview={preview}
            onPull={send}
          />
        )}
      </Async>
    </Dialog>
  );
}
