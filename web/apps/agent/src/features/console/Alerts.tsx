// What needs somebody who leads: alerts and raised flags; settled by hand, or over by themselves.

import { Suspense, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Alert } from '@api/console';
import type { Case } from '@api/types';
import { relative } from '@i18n/format';
import { late } from '@i18n/late';
import { Async } from '@ui/Async';
import { Button } from '@ui/Button';
import { Dialog } from '@ui/Dialog';
import { Icon } from '@ui/Icon';
import { asError, useAct } from '@agent/data/act';
import { useCell, useLanguage, useNames, useNow, useWorkspace } from '@agent/data/hooks';
import { href } from '@agent/data/router';
import { useAlerts } from './useConsole';

const WhyOf = late('dialogs', async () => (await import('@agent/parts/WhyDialog')).WhyOf);

/** What an alert is about, in words: its kind, and of what. */
function useWords(): (alert: Alert) => { title: string; about: string } {
  const { t } = useTranslation();
  const names = useNames();
  return (alert) => {
    const figure = String(alert.facts.figure ?? '');
    const title = t(`console.alert.${alert.kind}`, {
      ...alert.facts,
      figure: figure && t(`board.figure.${figure}`, { defaultValue: figure }),
      defaultValue: alert.kind.replaceAll('_', ' '),
    });
    const about = [
      names.person(alert.agent_id),
      names.queue(alert.queue_id),
      alert.title || alert.reference,
    ]
      .filter(Boolean)
      .join(' · ');
    return { title, about };
  };
}

interface RowProps {
  alert: Alert;
  over: boolean;
  onDone: () => void;
  onWhy: () => void;
}

function Row({ alert, over, onDone, onWhy }: RowProps) {
  const { t } = useTranslation();
  const language = useLanguage();
  const names = useNames();
  const { client } = useWorkspace();
  const { busy, run } = useAct();
  const now = useNow(10_000);
  const { title, about } = useWords()(alert);
  const settle = (): void =>
    void run(async () => {
      if (alert.kind === 'escalation' && alert.run_id)
        await client.post(`/v1/escalation_runs/${alert.run_id}/acknowledge`);
      else await client.post(`/v1/alerts/${alert.id}/settle`);
      onDone();
    }, t('console.settled'));
  const end = alert.settled_at
    ? t('console.settled_by', { name: names.person(alert.settled_by) })
    : t('console.over');
  return (
    <li className={alert.grave && !over ? 'console-alert console-grave' : 'console-alert'}>
      <Icon name={alert.grave ? 'alert' : 'clock'} size={18} />
      <span className="grow console-said">
        <strong>{title}</strong>
        <span className="small soft">{about}</span>
      </span>
      <span className="tiny soft">{relative(language, Date.parse(alert.at), now)}</span>
      <span className="row wrap console-buttons">
        {alert.case_id && (
          <a className="button button-plain button-small" href={href('case', alert.case_id)}>
            {t('console.do.open')}
          </a>
        )}
        {alert.work_item_id && (
          <Button small icon="question" onClick={onWhy}>
            {t('console.why_waits')}
          </Button>
        )}
        {over ? (
          <span className="tiny soft">{end}</span>
        ) : (
          <Button small icon="check" busy={busy} onClick={settle}>
            {t(alert.kind === 'escalation' ? 'console.have_it' : 'console.settle')}
          </Button>
        )}
      </span>
    </li>
  );
}

function Flag({ found, onDone }: { found: Case; onDone: () => void }) {
  const { t } = useTranslation();
  const language = useLanguage();
  const { client, store } = useWorkspace();
  const { busy, run } = useAct();
  const now = useNow(10_000);
  if (!found.help) return null;
  const settle = (): void =>
    void run(async () => {
      const answer = await client.delete<Case | undefined>(`/v1/cases/${found.id}/help`);
      if (answer) store.put('case', answer);
      onDone();
    }, t('console.settled'));
  return (
    <li className="console-alert console-grave">
      <Icon name="flag" size={18} />
      <span className="grow console-said">
        <strong>{t('console.asks', { name: found.help.name })}</strong>
        <span className="small">{found.help.text}</span>
        <span className="small soft">{found.title || found.reference}</span>
      </span>
      <span className="tiny soft">{relative(language, Date.parse(found.help.at), now)}</span>
      <span className="row wrap console-buttons">
        <a className="button button-plain button-small" href={href('case', found.id)}>
          {t('console.do.open')}
        </a>
        <Button small icon="check" busy={busy} onClick={settle}>
          {t('console.settle')}
        </Button>
      </span>
    </li>
  );
}

export function Alerts({ department }: { department: string }) {
  const { t } = useTranslation();
  const { stale } = useWorkspace();
  const names = useNames();
  const [over, setOver] = useState(false);
  const [why, setWhy] = useState<Alert>();
  const query = useAlerts(department, over);
  const old = useCell(stale);
  const again = (): void => void query.refetch();
  const items = query.data?.items ?? [];
  const flags = query.data?.flags ?? [];
  return (
    <>
      <div className="row console-line">
        <span className="grow" />
        <Button small icon="clock" aria-pressed={over} onClick={() => setOver(!over)}>
          {t('console.show_over')}
        </Button>
      </div>
      <Async
        loading={query.isLoading}
        error={query.data ? null : asError(query.error)}
        retry={again}
        stale={old}
        empty={items.length + flags.length === 0}
        nothing={{
          title: t(over ? 'console.none_over' : 'console.no_alerts'),
          hint: over ? undefined : t('console.no_alerts_hint'),
          icon: 'check',
        }}
      >
        <ul className="console-list" aria-label={t('console.tab.alerts')}>
          {flags.map((one) => (
            <Flag key={one.id} found={one} onDone={again} />
          ))}
          {items.map((one) => (
            <Row key={one.id} alert={one} over={over} onDone={again} onWhy={() => setWhy(one)} />
          ))}
        </ul>
      </Async>
      {why?.work_item_id && (
        <Dialog
          wide
          title={why.title || t('action.why')}
          onClose={() => setWhy(undefined)}
          actions={<Button onClick={() => setWhy(undefined)}>{t('ui.close')}</Button>}
        >
          <h3>{names.queue(why.queue_id)}</h3>
          <Suspense fallback={null}>
            <WhyOf id={why.work_item_id} version={0} />
          </Suspense>
        </Dialog>
      )}
    </>
  );
}
