// Jobs under way and just ended: how far they are, what failed and why, cancel, undo.

import { useEffect, useRef, useState, useSyncExternalStore } from 'react';
import type { TFunction } from 'i18next';
import { useTranslation } from 'react-i18next';
import { useQuery } from '@tanstack/react-query';
import type { BulkFailure, BulkJob } from '@api/types';
import { count } from '@i18n/format';
import { Async, Skeleton } from '@ui/Async';
import { Button, IconButton } from '@ui/Button';
import { Dialog } from '@ui/Dialog';
import { asError, useAct } from '@agent/data/act';
import { useLanguage, useNow, useWorkspace } from '@agent/data/hooks';
import { href } from '@agent/data/router';

const over = (job: BulkJob): boolean => job.state === 'done' || job.state === 'cancelled';
const busy = (job: BulkJob): boolean => !over(job) || job.undo === 'asked';

/** My jobs that this screen has begun or heard of, newest first. */
function useJobs(): readonly BulkJob[] {
  const { store } = useWorkspace();
  const kept = useRef<{ mark: string; jobs: readonly BulkJob[] }>({ mark: '', jobs: [] });
  return useSyncExternalStore(
    (listener) => store.watchType('bulk_job', listener),
    () => {
      const jobs = store.all('bulk_job');
      const mark = jobs.map((job) => `${job.id}${job.version}`).join();
      if (mark !== kept.current.mark) {
        jobs.sort((a, b) => (a.created_at < b.created_at ? 1 : -1));
        kept.current = { mark, jobs };
      }
      return kept.current.jobs;
    },
  );
}

function Failures({ job, onClose }: { job: BulkJob; onClose: () => void }) {
  const { t } = useTranslation();
  const { client } = useWorkspace();
  const asked = useQuery({
    queryKey: ['bulk', job.id, job.version],
    queryFn: () => client.get<BulkJob & { failures: BulkFailure[] }>(`/v1/bulk/${job.id}`),
  });
  const failures = asked.data?.failures ?? [];
  return (
    <Dialog title={t('bulk.failures')} onClose={onClose}>
      <Async
        loading={asked.isPending}
        error={asError(asked.error)}
        retry={() => void asked.refetch()}
        skeleton={<Skeleton rows={3} />}
      >
        <ul className="plain-list stack">
          {failures.map((one) => (
            <li key={one.case_id}>
              <a href={href('case', one.case_id)} onClick={onClose}>
                {one.reference} {one.title || t('case.untitled')}
              </a>
              <div className="small soft">
                {t(`problem.${one.why}`, { defaultValue: t('bulk.reason', { code: one.why }) })}
              </div>
            </li>
          ))}
        </ul>
      </Async>
    </Dialog>
  );
}

/** Says how a job ended, once, with the way back. */
function useEnding(job: BulkJob): void {
  const { t } = useTranslation();
  const language = useLanguage();
  const { client, store, undos } = useWorkspace();
  const running = useRef(!over(job));
  useEffect(() => {
    if (!running.current || job.state !== 'done') return;
    running.current = false;
    if (job.undo !== 'offered' || job.done === 0) return;
    const label = t('bulk.ended', { count: job.done, number: count(language, job.done) });
    undos.offer(label, async () => {
      store.put('bulk_job', await client.post<BulkJob>(`/v1/bulk/${job.id}/undo`));
    });
  }, [job, t, language, client, store, undos]);
}

/** What a job does; a macro has a name of its own. */
function nameOf(t: TFunction, job: BulkJob): string {
  const { name } = job.args;
  return typeof name === 'string' ? t('bulk.macro_named', { name }) : t(`bulk.name.${job.action}`);
}

function JobLine({ job, onHide }: { job: BulkJob; onHide: () => void }) {
  const { t } = useTranslation();
  const language = useLanguage();
  const { client, store } = useWorkspace();
  const { busy: asking, run } = useAct();
  const [open, setOpen] = useState(false);
  const now = useNow(5_000);
  useEnding(job);
  const act = (what: 'cancel' | 'undo') => () =>
    void run(async () => {
      store.put('bulk_job', await client.post<BulkJob>(`/v1/bulk/${job.id}/${what}`));
    });
  const back = job.undo === 'asked' || job.undo === 'done';
  const at = back ? job.undone + job.kept : job.done + job.failed;
  const whole = back ? job.done : job.total;
  const good = back ? at : over(job) ? job.done : at;
  const numbers = { done: count(language, good), total: count(language, whole) };
  const undoable = job.undo === 'offered' && now < Date.parse(job.undo_until ?? '');
  const bad = back ? job.kept : job.failed;
  return (
    <div className="job" role="status">
      <div className="row small">
        <span className="grow cut">
          {nameOf(t, job)} ·{' '}
          {t(back ? 'bulk.undoing' : over(job) ? `bulk.was_${job.state}` : 'bulk.doing', numbers)}
        </span>
        {!over(job) && (
          <Button small look="quiet" busy={asking} onClick={act('cancel')}>
            {t('ui.cancel')}
          </Button>
        )}
        {undoable && (
          <Button small look="quiet" icon="undo" busy={asking} onClick={act('undo')}>
            {t('undo.button')}
          </Button>
        )}
        {!busy(job) && (
          <IconButton icon="close" size={15} label={t('bulk.hide')} onClick={onHide} />
        )}
      </div>
      {busy(job) && (
        <progress max={Math.max(1, whole)} value={at} aria-label={t('bulk.progress')} />
      )}
      {bad > 0 && (
        <Button small look="quiet" icon="alert" onClick={() => setOpen(true)}>
          {t(back ? 'bulk.kept' : 'bulk.failed', { count: bad, number: count(language, bad) })}
        </Button>
      )}
      {open && <Failures job={job} onClose={() => setOpen(false)} />}
    </div>
  );
}

export function Jobs() {
  const jobs = useJobs();
  const [hidden, setHidden] = useState<ReadonlySet<string>>(new Set());
  const shown = jobs.filter((job) => !hidden.has(job.id)).slice(0, 3);
  if (shown.length === 0) return null;
  return (
    <div className="jobs">
      {shown.map((job) => (
        <JobLine key={job.id} job={job} onHide={() => setHidden(new Set([...hidden, job.id]))} />
      ))}
    </div>
  );
}
