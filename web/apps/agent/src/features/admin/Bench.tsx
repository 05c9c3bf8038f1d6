// The test bench: paste a message, see rule by rule where it would go and who could take it.

import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Button } from '@ui/Button';
import { Select, TextArea, TextField } from '@ui/Field';
import { Tabs } from '@ui/Small';
import { useAct } from '@agent/data/act';
import { useWorkspace } from '@agent/data/hooks';
import { useRowsOf } from './list';
import type { RuleLine, Tried } from './ruleModel';
import { Verdict } from './Verdict';

interface AccountRow {
  id: string;
  name: string;
  kind: string;
  address: string;
}

/** Bytes of a pasted mail in base64, as the server wants them. */
function base64(text: string): string {
  let binary = '';
  for (const byte of new TextEncoder().encode(text)) binary += String.fromCharCode(byte);
  return btoa(binary);
}

function MailSource({ raw, onChange }: { raw: string; onChange: (raw: string) => void }) {
  const { t } = useTranslation();
  return (
    <>
      <TextArea
        label={t('rules.bench_raw')}
        hint={t('rules.bench_raw_hint')}
        className="mono"
        rows={9}
        spellCheck={false}
        value={raw}
        onChange={(event) => onChange(event.target.value)}
      />
      <label className="file-pick">
        <span className="button button-plain button-small">{t('rules.bench_file')}</span>
        <input
          type="file"
          className="sr"
          accept=".eml,message/rfc822"
          onChange={(event) => void event.target.files?.[0]?.text().then(onChange)}
        />
      </label>
    </>
  );
}

export function Bench({ rules, dirty }: { rules: readonly RuleLine[]; dirty: boolean }) {
  const { t } = useTranslation();
  const { client } = useWorkspace();
  const { busy, run } = useAct();
  const accounts = useRowsOf<AccountRow>('/v1/channel_accounts');
  const [mode, setMode] = useState('text');
  const [account, setAccount] = useState('');
  const [address, setAddress] = useState('');
  const [subject, setSubject] = useState('');
  const [text, setText] = useState('');
  const [raw, setRaw] = useState('');
  const [tier, setTier] = useState('');
  const [told, setTold] = useState<Tried>();
  const mail = mode === 'mail';
  const fitting = accounts.rows.filter((one) => !mail || one.kind === 'email');
  const chosen = fitting.find((one) => one.id === account) ?? fitting[0];
  const ready = chosen !== undefined && (mail ? raw.trim() !== '' : text.trim() !== '');
  const attempt = (): void =>
    void run(async () => {
      const message = mail ? { raw: base64(raw) } : { address, subject, text };
      const body = { account_id: chosen?.id, rules, tier: tier || null, ...message };
      setTold(await client.post<Tried>('/v1/rules/bench', { body }));
    });
  return (
    <section className="card form-card stack" aria-label={t('rules.bench')}>
      <div>
        <h2>{t('rules.bench')}</h2>
        <p className="soft small">{t(dirty ? 'rules.bench_draft' : 'rules.bench_hint')}</p>
      </div>
      <Tabs
        label={t('rules.bench_mode')}
        value={mode}
        onChange={setMode}
        controls="bench-form"
        tabs={['text', 'mail'].map((id) => ({ id, label: t(`rules.bench.${id}`) }))}
      />
      <div id="bench-form" role="tabpanel" aria-labelledby={`tab-${mode}`}>
        <form
          className="stack"
          onSubmit={(event) => {
            event.preventDefault();
            if (ready) attempt();
          }}
        >
          <div className="bench-grid">
            <Select
              label={t('rules.bench_to')}
              value={chosen?.id ?? ''}
              options={fitting.map((one) => ({
                value: one.id,
                label: one.kind === 'email' ? `${one.name} · ${one.address}` : one.name,
              }))}
              onChange={setAccount}
            />
            <Select
              label={t('rules.bench_tier')}
              value={tier}
              options={[
                { value: '', label: t('rules.bench_as_known') },
                ...['standard', 'priority', 'vip'].map((value) => ({
                  value,
                  label: t(`tier.${value}`),
                })),
              ]}
              onChange={setTier}
            />
            {!mail && (
              <>
                <TextField
                  label={t('rules.bench_from')}
                  type="email"
                  autoComplete="off"
                  value={address}
                  onChange={(event) => setAddress(event.target.value)}
                />
                <TextField
                  label={t('rules.of.subject')}
                  value={subject}
                  onChange={(event) => setSubject(event.target.value)}
                />
              </>
            )}
          </div>
          {mail ? (
            <MailSource raw={raw} onChange={setRaw} />
          ) : (
            <TextArea
              label={t('rules.bench_text')}
              rows={5}
              value={text}
              onChange={(event) => setText(event.target.value)}
            />
          )}
          <div className="row">
            <Button type="submit" look="primary" icon="play" busy={busy} disabled={!ready}>
              {t('rules.run')}
            </Button>
          </div>
        </form>
      </div>
      <div aria-live="polite">{told && <Verdict told={told} />}</div>
    </section>
  );
}
