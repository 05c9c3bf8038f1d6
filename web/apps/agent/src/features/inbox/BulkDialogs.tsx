// What some jobs must be told first: which tags, until when, into which Case, which macro.

import { useId, useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { count, mediumTime } from '@i18n/format';
import { Button } from '@ui/Button';
import { Dialog } from '@ui/Dialog';
import { Select, TextField } from '@ui/Field';
import { useLanguage, useWorkspace } from '@agent/data/hooks';
import { MacroChoice, useMacroChoice } from '@agent/parts/MacroChoice';
import type { Bulk } from './useBulk';

interface Many {
  bulk: Bulk;
  onClose: () => void;
}

function Ask({
  title,
  word,
  ready,
  act,
  bulk,
  onClose,
  children,
}: Many & {
  title: string;
  word: string;
  ready: boolean;
  act: () => Promise<boolean>;
  children: ReactNode;
}) {
  const { t } = useTranslation();
  const id = useId();
  const submit = async (): Promise<void> => {
    if (ready && !bulk.busy && (await act())) onClose();
  };
  return (
    <Dialog
      title={title}
      onClose={onClose}
      actions={
        <>
          <Button look="quiet" onClick={onClose}>
            {t('ui.cancel')}
          </Button>
          <Button look="primary" type="submit" form={id} disabled={!ready} busy={bulk.busy}>
            {word}
          </Button>
        </>
      }
    >
      <form
        id={id}
        className="stack"
        onSubmit={(event) => {
          event.preventDefault();
          void submit();
        }}
      >
        {children}
      </form>
    </Dialog>
  );
}

const words = (text: string): string[] =>
  text
    .split(',')
    .map((one) => one.trim())
    .filter(Boolean);

export function TagMany({ bulk, onClose }: Many) {
  const { t } = useTranslation();
  const [add, setAdd] = useState('');
  const [remove, setRemove] = useState('');
  const args = { add: words(add), remove: words(remove) };
  return (
    <Ask
      title={t('bulk.tags')}
      word={t('bulk.do')}
      ready={args.add.length + args.remove.length > 0}
      act={() => bulk.begin('tags', args)}
      bulk={bulk}
      onClose={onClose}
    >
      <TextField
        label={t('bulk.tags_add')}
        hint={t('bulk.tags_hint')}
        value={add}
        data-first
        onChange={(event) => setAdd(event.target.value)}
      />
      <TextField
        label={t('bulk.tags_remove')}
        value={remove}
        onChange={(event) => setRemove(event.target.value)}
      />
    </Ask>
  );
}

const morning = (now: number, days: number): number => {
  const at = new Date(now);
  at.setDate(at.getDate() + days);
  at.setHours(9, 0, 0, 0);
  return at.getTime();
};

const local = (at: number): string =>
  new Date(at - new Date(at).getTimezoneOffset() * 60_000).toISOString().slice(0, 16);

export function SnoozeMany({ bulk, onClose }: Many) {
  const { t } = useTranslation();
  const language = useLanguage();
  const { clock } = useWorkspace();
  const [until, setUntil] = useState(() => local(morning(clock.now(), 1)));
  const at = new Date(until).getTime();
  const quick = [
    { name: t('bulk.until_hour'), at: clock.now() + 3_600_000 },
    { name: t('bulk.until_tomorrow'), at: morning(clock.now(), 1) },
    { name: t('bulk.until_week'), at: morning(clock.now(), 7) },
  ];
  return (
    <Ask
      title={t('bulk.snooze')}
      word={t('bulk.do')}
      ready={at > clock.now()}
      act={() => bulk.begin('snooze', { until: new Date(at).toISOString() })}
      bulk={bulk}
      onClose={onClose}
    >
      <div className="row bulk-quick">
        {quick.map((one) => (
          <Button key={one.name} small onClick={() => setUntil(local(one.at))}>
            {one.name}
          </Button>
        ))}
      </div>
      <TextField
        type="datetime-local"
        label={t('bulk.until')}
        hint={Number.isNaN(at) ? undefined : mediumTime(language, at)}
        value={until}
        onChange={(event) => setUntil(event.target.value)}
      />
    </Ask>
  );
}

/** A macro on each of them: what it says cannot be taken back, and the dialog says so. */
export function MacroMany({ bulk, many, onClose }: Many & { many: number }) {
  const { t } = useTranslation();
  const language = useLanguage();
  const choice = useMacroChoice();
  const { chosen } = choice;
  const answers = chosen?.steps.some((step) => step.do === 'reply') ?? false;
  const numbers = { count: many, number: count(language, many) };
  const go = async (): Promise<boolean> =>
    chosen ? await bulk.begin('macro', { macro_id: chosen.id }) : false;
  return (
    <Ask
      title={t('macro.run_title')}
      word={t('bulk.macro_do', numbers)}
      ready={chosen !== undefined}
      act={go}
      bulk={bulk}
      onClose={onClose}
    >
      <MacroChoice
        choice={choice}
        onEnter={() => {
          if (!bulk.busy) void go().then((done) => done && onClose());
        }}
      />
      {chosen && (
        <p className="small soft">{answers ? t('bulk.macro_answers') : t('bulk.macro_stays')}</p>
      )}
    </Ask>
  );
}

export function MergeMany({ bulk, ids, onClose }: Many & { ids: readonly string[] }) {
  const { t } = useTranslation();
  const { store } = useWorkspace();
  const rows = ids.map((id) => store.get('case', id)).filter((row) => row !== undefined);
  const oldest = [...rows].sort((a, b) => (a.opened_at < b.opened_at ? -1 : 1))[0]?.id ?? '';
  const [into, setInto] = useState(oldest);
  return (
    <Ask
      title={t('bulk.merge')}
      word={t('bulk.merge_do')}
      ready={into !== ''}
      act={() => bulk.begin('merge', { into })}
      bulk={bulk}
      onClose={onClose}
    >
      <p className="soft small">{t('bulk.merge_hint')}</p>
      <Select
        label={t('bulk.merge_into')}
        value={into}
        onChange={setInto}
        options={rows.map((row) => ({
          value: row.id,
          label: `${row.reference} · ${row.customer.name} · ${row.title}`,
        }))}
      />
    </Ask>
  );
}
