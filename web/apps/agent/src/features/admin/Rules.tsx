// The rules that choose queue and requirements: written, tried on a bench, put in force, taken back.

import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Async } from '@ui/Async';
import { Button } from '@ui/Button';
import { Banner } from '@ui/Small';
import { asError, useAct } from '@agent/data/act';
import { useWorkspace } from '@agent/data/hooks';
import { useDraft } from './draft';
import { Bench } from './Bench';
import { DryRun } from './DryRun';
import { same, type RuleLine } from './ruleModel';
import { RuleDialog } from './RuleDialog';
import { RuleList } from './RuleList';
import { useFaults } from './useFaults';
import { Versions } from './Versions';
import './rules.css';

interface Kept {
  rules: RuleLine[];
  version: number;
}

const fresh = (): RuleLine => ({ id: '', when: "language == 'cs'" });

function freeName(name: string, rules: readonly RuleLine[]): string {
  let number = 2;
  while (rules.some((one) => one.id === `${name} ${number}`)) number += 1;
  return `${name} ${number}`;
}

interface UnsavedProps {
  faults: number;
  busy: boolean;
  ready: boolean;
  onDrop: () => void;
  onSave: () => void;
}

function Unsaved({ faults, busy, ready, onDrop, onSave }: UnsavedProps) {
  const { t } = useTranslation();
  return (
    <Banner
      tone="warn"
      icon="edit"
      live
      action={
        <span className="row">
          <Button small look="quiet" onClick={onDrop}>
            {t('admin.discard')}
          </Button>
          <Button small look="primary" busy={busy} disabled={!ready} onClick={onSave}>
            {t('rules.activate')}
          </Button>
        </span>
      }
    >
      {faults > 0 ? t('rules.faulty', { count: faults }) : t('rules.unsaved')}
    </Banner>
  );
}

interface EditorProps {
  kept: Kept;
  reload: () => Promise<unknown>;
}

function Editor({ kept, reload }: EditorProps) {
  const { t } = useTranslation();
  const { client } = useWorkspace();
  const { busy, run } = useAct();
  const draft = useDraft<RuleLine[]>('rules', kept.rules, same);
  const rules = draft.value;
  const { faults, asking } = useFaults(rules);
  const [editing, setEditing] = useState<{ at: number; rule: RuleLine }>();
  const [history, setHistory] = useState(false);
  const [hits, setHits] = useState<Record<string, number>>();
  const put = (next: RuleLine[]): void => {
    setHits(undefined);
    draft.set(next);
  };
  const save = (): void =>
    void run(async () => {
      await client.put('/v1/rules', {
        body: { rules },
        headers: { 'If-Match': `"${kept.version}"` },
      });
      await reload();
      draft.drop();
    }, t('rules.saved'));
  const done = (rule: RuleLine): void => {
    if (!editing) return;
    const next = [...rules];
    next.splice(editing.at, editing.at < rules.length ? 1 : 0, rule);
    put(next);
    setEditing(undefined);
  };
  return (
    <>
      <header className="row wrap admin-head">
        <div className="grow">
          <h1>{t('admin.rules')}</h1>
          <p className="soft">{t('rules.hint')}</p>
        </div>
        <Button icon="clock" onClick={() => setHistory(true)}>
          {t('rules.history')}
        </Button>
        <Button icon="plus" onClick={() => setEditing({ at: rules.length, rule: fresh() })}>
          {t('rules.new')}
        </Button>
      </header>
      {draft.dirty && (
        <Unsaved
          faults={faults.length}
          busy={busy}
          ready={faults.length === 0 && !asking}
          onDrop={draft.drop}
          onSave={save}
        />
      )}
      <div className="card admin-card">
        <Async
          loading={false}
          error={null}
          empty={rules.length === 0}
          nothing={{ title: t('rules.none'), hint: t('rules.none_hint') }}
        >
          <RuleList
            rules={rules}
            faults={faults}
            hits={hits}
            onMove={(from, to) => {
              const next = rules.filter((_, n) => n !== from);
              const moved = rules[from];
              if (moved) next.splice(to, 0, moved);
              put(next);
            }}
            onEdit={(at) => {
              const rule = rules[at];
              if (rule) setEditing({ at, rule });
            }}
            onCopy={(at) => {
              const rule = rules[at];
              if (rule) put(rules.toSpliced(at + 1, 0, { ...rule, id: freeName(rule.id, rules) }));
            }}
            onRemove={(at) => {
              draft.remember(t('rules.removed', { name: rules[at]?.id ?? '' }));
              put(rules.filter((_, n) => n !== at));
            }}
          />
        </Async>
      </div>
      <Bench rules={rules} dirty={draft.dirty} />
      <DryRun rules={rules} onHits={setHits} />
      {editing && (
        <RuleDialog
          rule={editing.rule}
          fresh={editing.at >= rules.length}
          taken={rules.filter((_, n) => n !== editing.at).map((one) => one.id)}
          onClose={() => setEditing(undefined)}
          onDone={done}
        />
      )}
      {history && (
        <Versions
          onClose={() => setHistory(false)}
          onTake={(version) => {
            put(version.rules);
            setHistory(false);
          }}
        />
      )}
    </>
  );
}

export function Rules() {
  const { t } = useTranslation();
  const { client } = useWorkspace();
  const queries = useQueryClient();
  const query = useQuery({
    queryKey: ['admin', 'rules'],
    queryFn: () => client.get<Kept>('/v1/rules'),
  });
  return (
    <section aria-label={t('admin.rules')} className="stack">
      {query.data ? (
        <Editor
          kept={query.data}
          reload={() => queries.invalidateQueries({ queryKey: ['admin'] })}
        />
      ) : (
        <>
          <h1>{t('admin.rules')}</h1>
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
