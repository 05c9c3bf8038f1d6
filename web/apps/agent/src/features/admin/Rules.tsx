// The rules that choose queue and requirements: CEL in JSON, first match per stage, tried before saved.

import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Async } from '@ui/Async';
import { Button } from '@ui/Button';
import { TextArea } from '@ui/Field';
import { asError, useAct } from '@agent/data/act';
import { useWorkspace } from '@agent/data/hooks';

const EXAMPLE = {
  channel: 'email',
  account: '',
  subject: 'Invoice 2026/114',
  text: 'The amount is wrong.',
  language: 'en',
  tier: 'standard',
};

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function TryOut() {
  const { t } = useTranslation();
  const { client } = useWorkspace();
  const { busy, run } = useAct();
  const [facts, setFacts] = useState(JSON.stringify(EXAMPLE, null, 2));
  const [answer, setAnswer] = useState<unknown>();
  const read = parsed(facts);
  const attempt = (): void =>
    void run(async () => {
      setAnswer(await client.post('/v1/rules/try', { body: { facts: read } }));
    });
  return (
    <section className="card form-card stack">
      <h2>{t('rules.try')}</h2>
      <TextArea
        label={t('rules.facts')}
        className="mono"
        rows={9}
        spellCheck={false}
        value={facts}
        error={read === undefined ? t('rules.not_json') : undefined}
        onChange={(event) => setFacts(event.target.value)}
      />
      <div className="row">
        <Button icon="play" busy={busy} disabled={read === undefined} onClick={attempt}>
          {t('rules.run')}
        </Button>
      </div>
      {answer !== undefined && (
        <section aria-label={t('rules.result')} aria-live="polite">
          <pre className="code">{JSON.stringify(answer, null, 2)}</pre>
        </section>
      )}
    </section>
  );
}

export function Rules() {
  const { t } = useTranslation();
  const { client } = useWorkspace();
  const queries = useQueryClient();
  const { busy, run } = useAct();
  const query = useQuery({
    queryKey: ['admin', 'rules'],
    queryFn: () => client.get<{ rules: unknown; version?: number }>('/v1/rules'),
  });
  const [text, setText] = useState('');
  useEffect(() => {
    if (query.data) setText(JSON.stringify(query.data.rules, null, 2));
  }, [query.data]);
  const read = parsed(text);
  const save = (): void =>
    void run(async () => {
      const version = query.data?.version;
      await client.put('/v1/rules', {
        body: { rules: read },
        headers: version === undefined ? {} : { 'If-Match': `"${version}"` },
      });
      await queries.invalidateQueries({ queryKey: ['admin', 'rules'] });
    }, t('ui.saved'));
  return (
    <section aria-label={t('admin.rules')} className="stack">
      <header className="row wrap admin-head">
        <div className="grow">
          <h1>{t('admin.rules')}</h1>
          <p className="soft">{t('rules.hint')}</p>
        </div>
        <Button
          look="primary"
          busy={busy}
          disabled={read === undefined || query.isLoading}
          onClick={save}
        >
          {t('ui.save')}
        </Button>
      </header>
      <div className="card form-card">
        <Async
          loading={query.isLoading}
          error={asError(query.error)}
          retry={() => void query.refetch()}
        >
          <TextArea
            label={t('rules.set')}
            className="mono"
            rows={16}
            spellCheck={false}
            value={text}
            error={read === undefined && text !== '' ? t('rules.not_json') : undefined}
            onChange={(event) => setText(event.target.value)}
          />
        </Async>
      </div>
      <TryOut />
    </section>
  );
}
