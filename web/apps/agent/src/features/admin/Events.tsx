// Event rules: what is done by itself when something happens; written, tried over 7 days, put in force.

import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { dayTime } from '@i18n/format';
import { Async } from '@ui/Async';
import { Button } from '@ui/Button';
import { Banner, Chip } from '@ui/Small';
import { asError, useAct } from '@agent/data/act';
import { useLanguage, useNow, useWorkspace } from '@agent/data/hooks';
import { useDraft } from './draft';
import { EventDryRun } from './EventDryRun';
import { EventDialog } from './EventDialog';
import { freshRule, sameRules, tidied, type EventLine, type Standing } from './eventModel';
import { Movable, movedTo } from './Movable';
import './rules.css';

interface Kept {
  version: number;
  rules: EventLine[];
  standings: Standing[];
}

function Words({ rule, standing }: { rule: EventLine; standing: Standing | undefined }) {
  const { t } = useTranslation();
  const language = useLanguage();
  const now = useNow(60_000);
  return (
    <div className="grow stack-tight rule-body">
      <span className="row wrap">
        <strong>{rule.id}</strong>
        {!rule.active && <Chip icon="pause">{t('events.asleep')}</Chip>}
        {standing?.off_at && (
          <Chip tone="bad" icon="alert">
            {t('events.off')}
          </Chip>
        )}
        {standing && standing.done > 0 && (
          <span className="tiny soft">
            {t('events.did', {
              count: standing.done,
              time: standing.last_at ? dayTime(language, Date.parse(standing.last_at), now) : '',
            })}
          </span>
        )}
        {standing && standing.loops > 0 && (
          <span className="tiny soft">{t('events.loops', { count: standing.loops })}</span>
        )}
      </span>
      <span className="small soft rule-when">
        {rule.on.map((one) => t(`events.of.${one}`)).join(' · ')}
      </span>
      {rule.when && <span className="mono small rule-when">{rule.when}</span>}
      <span className="row wrap rule-effects">
        {rule.do.map((one, at) => (
          <Chip key={`${at}${one.do}`} tone="accent">
            {t(`events.do.${one.do}`)}
          </Chip>
        ))}
      </span>
      {standing?.off_at && (
        <span className="field-error">
          {t('events.off_why', { detail: standing.detail ?? '' })}
        </span>
      )}
    </div>
  );
}

function Editor({ kept }: { kept: Kept }) {
  const { t } = useTranslation();
  const { client } = useWorkspace();
  const queries = useQueryClient();
  const { busy, run } = useAct();
  const draft = useDraft<EventLine[]>('event_rules', kept.rules, sameRules);
  const rules = draft.value;
  const [editing, setEditing] = useState<{ at: number; rule: EventLine }>();
  const off = kept.standings.filter(
    (one) => one.off_at && rules.some((rule) => rule.id === one.rule),
  );
  const save = (): void =>
    void run(async () => {
      await client.put('/v1/event_rules', {
        body: { rules: rules.map(tidied) },
        headers: { 'If-Match': `"${kept.version}"` },
      });
      await queries.invalidateQueries({ queryKey: ['admin'] });
      draft.drop();
    }, t('rules.saved'));
  const done = (rule: EventLine): void => {
    if (!editing) return;
    const next = [...rules];
    next.splice(editing.at, editing.at < rules.length ? 1 : 0, rule);
    draft.set(next);
    setEditing(undefined);
  };
  return (
    <>
      <header className="row wrap admin-head">
        <div className="grow">
          <h1>{t('admin.events')}</h1>
          <p className="soft">{t('events.hint')}</p>
        </div>
        <Button icon="plus" onClick={() => setEditing({ at: rules.length, rule: freshRule() })}>
          {t('events.new')}
        </Button>
      </header>
      {off.length > 0 && !draft.dirty && (
        <Banner
          tone="bad"
          live
          action={
            <Button small busy={busy} onClick={save}>
              {t('events.wake')}
            </Button>
          }
        >
          {t('events.some_off', { count: off.length })}
        </Banner>
      )}
      {draft.dirty && (
        <Banner
          tone="warn"
          icon="edit"
          live
          action={
            <span className="row">
              <Button small look="quiet" onClick={draft.drop}>
                {t('admin.discard')}
              </Button>
              <Button small look="primary" busy={busy} onClick={save}>
                {t('rules.activate')}
              </Button>
            </span>
          }
        >
          {t('events.unsaved')}
        </Banner>
      )}
      <div className="card admin-card">
        <Async
          loading={false}
          error={null}
          empty={rules.length === 0}
          nothing={{ title: t('events.none'), hint: t('events.none_hint') }}
        >
          <Movable
            rows={rules}
            keyOf={(rule) => rule.id}
            nameOf={(rule) => rule.id}
            show={(rule) => (
              <Words rule={rule} standing={kept.standings.find((one) => one.rule === rule.id)} />
            )}
            onMove={(from, to) => draft.set(movedTo(rules, from, to))}
            onEdit={(at) => {
              const rule = rules[at];
              if (rule) setEditing({ at, rule });
            }}
            onRemove={(at) => {
              draft.remember(t('rules.removed', { name: rules[at]?.id ?? '' }));
              draft.set(rules.filter((_, n) => n !== at));
            }}
          />
        </Async>
      </div>
      <EventDryRun rules={rules} />
      {editing && (
        <EventDialog
          rule={editing.rule}
          fresh={editing.at >= rules.length}
          taken={rules.filter((_, n) => n !== editing.at).map((one) => one.id)}
          onClose={() => setEditing(undefined)}
          onDone={done}
        />
      )}
    </>
  );
}

export function Events() {
  const { t } = useTranslation();
  const { client } = useWorkspace();
  const query = useQuery({
    queryKey: ['admin', 'event_rules'],
    queryFn: () => client.get<Kept>('/v1/event_rules'),
  });
  return (
    <section aria-label={t('admin.events')} className="stack">
      {query.data ? (
        <Editor kept={query.data} />
      ) : (
        <>
          <h1>{t('admin.events')}</h1>
          <Async
            loading={query.isLoading}
            error={asError(query.error)}
            retry={() => void query.refetch()}
          >
            {null}
          </Async>
        </>
      )}
    </section>
  );
}
