// The process of a kind of Case: its steps as a list, a draft until it is published with what changes.

import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { CaseKind, Process } from '@api/types';
import { Async, Skeleton } from '@ui/Async';
import { Button, IconButton } from '@ui/Button';
import { Banner } from '@ui/Small';
import { asError, useAct } from '@agent/data/act';
import { useLanguage, useSetup, useWorkspace } from '@agent/data/hooks';
import { useDraft } from './draft';
import { Movable, movedTo } from './Movable';
import { PlanDialog } from './PlanDialog';
import { asPlans, freshStep, inOrder, onScreen, same, without, type Step } from './processModel';
import { PublishDialog } from './PublishDialog';
import { StepWords } from './StepWords';

interface EditorProps {
  kind: CaseKind;
  found: readonly Process[];
  onBack: () => void;
}

/** The draft of a process: on the screen, kept by the server, published. */
function useProcess(kind: CaseKind, found: readonly Process[]) {
  const { t } = useTranslation();
  const { client } = useWorkspace();
  const queries = useQueryClient();
  const { busy, run } = useAct();
  const language = useLanguage();
  const published = found.find((one) => one.state === 'published');
  const kept = found.find((one) => one.state === 'draft');
  const before = onScreen(published?.steps ?? [], language);
  const from = onScreen(kept?.steps ?? published?.steps ?? [], language);
  const draft = useDraft<Step[]>(`process:${kind.id}`, from, same);
  const keep = (): Promise<Process> =>
    client.post<Process>('/v1/processes', {
      body: { kind_id: kind.id, steps: asPlans(draft.value) },
    });
  const again = async (): Promise<void> => {
    await queries.invalidateQueries({ queryKey: ['admin'] });
    draft.drop();
  };
  return {
    ...{ busy, draft, before, published, kept },
    save: (): Promise<boolean> =>
      run(async () => {
        await keep();
        await again();
      }, t('process.draft_kept')),
    publish: (): Promise<boolean> =>
      run(async () => {
        const made = await keep();
        await client.post(`/v1/processes/${made.id}/publish`);
        await again();
      }, t('process.published')),
  };
}

function Unsaved({ process }: { process: ReturnType<typeof useProcess> }) {
  const { t } = useTranslation();
  const { draft, busy, kept } = process;
  if (!draft.dirty && !kept) return null;
  return (
    <Banner
      tone="warn"
      icon="edit"
      live
      action={
        draft.dirty && (
          <span className="row">
            <Button small look="quiet" onClick={draft.drop}>
              {t('admin.discard')}
            </Button>
            <Button small busy={busy} onClick={() => void process.save()}>
              {t('process.keep')}
            </Button>
          </span>
        )
      }
    >
      {t(draft.dirty ? 'process.unsaved' : 'process.is_draft')}
    </Banner>
  );
}

function Editor({ kind, found, onBack }: EditorProps) {
  const { t } = useTranslation();
  const language = useLanguage();
  const { queues } = useSetup();
  const process = useProcess(kind, found);
  const { draft, before, published } = process;
  const steps = draft.value;
  const [editing, setEditing] = useState<{ at: number; step: Step }>();
  const [publishing, setPublishing] = useState(false);
  const running = found.reduce((sum, one) => sum + one.running, 0);
  const done = (step: Step): void => {
    if (!editing) return;
    const next = [...steps];
    next.splice(editing.at, editing.at < steps.length ? 1 : 0, step);
    draft.set(inOrder(next));
    setEditing(undefined);
  };
  const publish = async (): Promise<void> => {
    if (await process.publish()) setPublishing(false);
  };
  return (
    <>
      <header className="row wrap admin-head">
        <IconButton icon="left" label={t('ui.back')} onClick={onBack} />
        <div className="grow">
          <h1>{kind.name[language] ?? kind.name.en ?? kind.key}</h1>
          <p className="soft">
            {published
              ? t('process.version', { number: published.no, count: running })
              : t('process.none_yet')}
          </p>
        </div>
        <Button
          icon="plus"
          onClick={() => setEditing({ at: steps.length, step: freshStep(queues[0]?.id ?? null) })}
        >
          {t('process.step_new')}
        </Button>
        <Button
          look="primary"
          icon="check"
          disabled={same(steps, before) || steps.length === 0}
          onClick={() => setPublishing(true)}
        >
          {t('process.publish_ask')}
        </Button>
      </header>
      <Unsaved process={process} />
      <div className="card admin-card">
        <Async
          loading={false}
          error={null}
          empty={steps.length === 0}
          nothing={{ title: t('process.empty'), hint: t('process.empty_hint') }}
        >
          <Movable
            rows={steps}
            keyOf={(step) => step.key}
            nameOf={(step) => step.title}
            className={(step) => (step.beside ? 'process-beside' : '')}
            show={(step) => <StepWords step={step} steps={steps} />}
            onMove={(from, to) => draft.set(inOrder(movedTo(steps, from, to)))}
            onEdit={(at) => {
              const step = steps[at];
              if (step) setEditing({ at, step });
            }}
            onRemove={(at) => {
              draft.remember(t('process.step_removed', { name: steps[at]?.title ?? '' }));
              draft.set(without(steps, at));
            }}
          />
        </Async>
      </div>
      {editing && (
        <PlanDialog
          step={editing.step}
          others={steps.filter((_, at) => at !== editing.at)}
          above={Math.min(editing.at, steps.length)}
          fresh={editing.at >= steps.length}
          onClose={() => setEditing(undefined)}
          onDone={done}
        />
      )}
      {publishing && (
        <PublishDialog
          before={before}
          after={steps}
          running={running}
          busy={process.busy}
          onClose={() => setPublishing(false)}
          onDone={() => void publish()}
        />
      )}
    </>
  );
}

export function ProcessEditor({ kind, onBack }: { kind: CaseKind; onBack: () => void }) {
  const { client } = useWorkspace();
  const query = useQuery({
    queryKey: ['admin', 'processes', kind.id],
    queryFn: async () =>
      (await client.get<{ items: Process[] }>('/v1/processes', { query: { kind_id: kind.id } }))
        .items,
  });
  return (
    <section aria-label={kind.key} className="stack">
      {query.data ? (
        <Editor kind={kind} found={query.data} onBack={onBack} />
      ) : (
        <Async
          loading={query.isLoading}
          error={asError(query.error)}
          retry={() => void query.refetch()}
          skeleton={<Skeleton rows={4} />}
        >
          {null}
        </Async>
      )}
    </section>
  );
}
