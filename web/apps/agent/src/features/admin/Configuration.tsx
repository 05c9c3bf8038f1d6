// The configuration as a file: saved, compared, taken in; and the history of every change of it.

import { useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Button } from '@ui/Button';
import { TextArea } from '@ui/Field';
import { Icon } from '@ui/Icon';
import { Banner, Chip, Tabs } from '@ui/Small';
import { useAct } from '@agent/data/act';
import { useWorkspace } from '@agent/data/hooks';
import { useSave } from './list';
import { Fields, type FieldChange } from './Fields';
import { History } from './History';
import './configuration.css';

interface Difference {
  section: string;
  name: string;
  op: 'add' | 'change' | 'remove';
  fields: FieldChange[];
}

interface FileFault {
  line: number;
  path: string;
  code: string;
  detail: string;
}

interface Compared {
  changes: Difference[];
  faults: FileFault[];
}

const SIGNS = {
  add: { sign: '+', tone: 'good' },
  change: { sign: '±', tone: 'warn' },
  remove: { sign: '−', tone: 'bad' },
} as const;

function Differences({ changes }: { changes: readonly Difference[] }) {
  const { t } = useTranslation();
  if (changes.length === 0) return <p className="soft">{t('config.same')}</p>;
  return (
    <ul className="plain-list diffs">
      {changes.map((one) => (
        <li key={`${one.section}-${one.name}`} className="diff">
          <span className="row wrap">
            <Chip tone={SIGNS[one.op].tone}>
              {SIGNS[one.op].sign} {t(`config.op.${one.op}`)}
            </Chip>
            <span className="soft small">{t(`config.section.${one.section}`)}</span>
            <strong>{one.name}</strong>
          </span>
          {one.op === 'change' && <Fields fields={one.fields} />}
        </li>
      ))}
    </ul>
  );
}

function FaultTable({ faults, text }: { faults: readonly FileFault[]; text: string }) {
  const { t } = useTranslation();
  const lines = text.split('\n');
  return (
    <div role="alert">
      <ul className="plain-list diffs">
        {faults.map((one) => (
          <li key={`${one.line}-${one.path}-${one.code}`} className="diff">
            <span className="field-error row wrap">
              <Icon name="alert" size={15} />
              <strong>{t('config.line', { line: one.line })}</strong>
              <span>
                {t(`config.fault.${one.code.replace('config.', '')}`, {
                  detail: one.detail,
                  defaultValue: `${one.path}: ${one.detail || one.code}`,
                })}
              </span>
            </span>
            <code className="fault-line">{lines[one.line - 1]}</code>
          </li>
        ))}
      </ul>
    </div>
  );
}

function Import() {
  const { t } = useTranslation();
  const { client } = useWorkspace();
  const { busy, run } = useAct();
  const saving = useSave();
  const [text, setText] = useState('');
  const [found, setFound] = useState<Compared>();
  const put = (next: string): void => {
    setText(next);
    setFound(undefined);
  };
  const compare = (): void =>
    void run(async () =>
      setFound(await client.post<Compared>('/v1/config/diff', { body: { text } })),
    );
  const apply = async (): Promise<void> => {
    const work = (): Promise<unknown> => client.post('/v1/config/apply', { body: { text } });
    if (await saving.save(work, t('config.applied'))) put('');
  };
  const ready = found !== undefined && found.faults.length === 0 && found.changes.length > 0;
  return (
    <section className="card form-card stack" aria-label={t('config.import')}>
      <div>
        <h2>{t('config.import')}</h2>
        <p className="soft small">{t('config.import_hint')}</p>
      </div>
      <TextArea
        label={t('config.file')}
        className="mono"
        rows={10}
        spellCheck={false}
        value={text}
        onChange={(event) => put(event.target.value)}
      />
      <div className="row wrap">
        <Button look="primary" busy={busy} disabled={text.trim() === ''} onClick={compare}>
          {t('config.compare')}
        </Button>
        <label className="file-pick">
          <span className="button button-plain">{t('rules.bench_file')}</span>
          <input
            type="file"
            className="sr"
            accept=".yaml,.yml,text/yaml"
            onChange={(event) => void event.target.files?.[0]?.text().then(put)}
          />
        </label>
      </div>
      <div aria-live="polite" className="stack">
        {found && found.faults.length > 0 && <FaultTable faults={found.faults} text={text} />}
        {found && found.faults.length === 0 && <Differences changes={found.changes} />}
        {ready && (
          <Banner
            tone="warn"
            action={
              <Button small look="primary" busy={saving.busy} onClick={() => void apply()}>
                {t('config.apply')}
              </Button>
            }
          >
            {t('config.would', { count: found.changes.length })}
          </Banner>
        )}
      </div>
    </section>
  );
}

const FILE = 'polyphony.yaml';

function Export() {
  const { t } = useTranslation();
  const { client } = useWorkspace();
  const { busy, run } = useAct();
  const link = useRef<HTMLAnchorElement>(null);
  const [shown, setShown] = useState('');
  const fetchText = async (): Promise<string> => client.text('/v1/config');
  const save = (): void =>
    void run(async () => {
      const file = new Blob([await fetchText()], { type: 'application/yaml' });
      if (!link.current) return;
      link.current.href = URL.createObjectURL(file);
      link.current.click();
    });
  const show = (): void => void run(async () => setShown(shown ? '' : await fetchText()));
  return (
    <section className="card form-card stack" aria-label={t('config.export')}>
      <div className="row wrap">
        <div className="grow">
          <h2>{t('config.export')}</h2>
          <p className="soft small">{t('config.export_hint')}</p>
        </div>
        <Button icon="eye" busy={busy} onClick={show} aria-expanded={shown !== ''}>
          {t(shown ? 'config.hide' : 'config.show')}
        </Button>
        <Button icon="file" look="primary" busy={busy} onClick={save}>
          {t('config.save')}
        </Button>
      </div>
      <a ref={link} download={FILE} hidden>
        {FILE}
      </a>
      {shown && (
        <pre className="code config-text" tabIndex={0} aria-label={t('config.export')}>
          {shown}
        </pre>
      )}
    </section>
  );
}

export function Configuration() {
  const { t } = useTranslation();
  const [tab, setTab] = useState('history');
  return (
    <section aria-label={t('admin.configuration')} className="stack">
      <header className="admin-head">
        <h1>{t('admin.configuration')}</h1>
        <p className="soft">{t('config.hint')}</p>
      </header>
      <Tabs
        label={t('admin.configuration')}
        value={tab}
        onChange={setTab}
        controls="config-panel"
        tabs={['history', 'file'].map((id) => ({ id, label: t(`config.tab.${id}`) }))}
      />
      <div id="config-panel" role="tabpanel" aria-labelledby={`tab-${tab}`} className="stack">
        {tab === 'history' ? (
          <History />
        ) : (
          <>
            <Export />
            <Import />
          </>
        )}
      </div>
    </section>
  );
}
