// What colleagues should know of him whatever the matter; the customer never sees it.

import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState, type KeyboardEvent } from 'react';
import { useTranslation } from 'react-i18next';
import type { CustomerNote } from '@api/types';
import { Async, Empty } from '@ui/Async';
import { Button, IconButton } from '@ui/Button';
import { Icon } from '@ui/Icon';
import { Face } from '@ui/Small';
import { asError, useAct } from '@agent/data/act';
import { useWorkspace } from '@agent/data/hooks';
import { Ago } from '@agent/parts/Marks';
import { may } from '@agent/parts/rights';
import { useWrites } from './useCustomer';

const TEXT_MAX = 5_000;

interface WriterProps {
  start?: string;
  label: string;
  save: (text: string) => Promise<boolean>;
  cancel?: () => void;
}

function Writer({ start = '', label, save, cancel }: WriterProps) {
  const { t } = useTranslation();
  const [text, setText] = useState(start);
  const [busy, setBusy] = useState(false);
  const done = async (): Promise<void> => {
    if (!text.trim() || busy) return;
    setBusy(true);
    if (await save(text.trim())) setText('');
    setBusy(false);
  };
  const keys = (event: KeyboardEvent): void => {
    if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      event.stopPropagation();
      void done();
    }
  };
  return (
    <div className="note-writer">
      <textarea
        className="note-text"
        aria-label={label}
        placeholder={t('customer.note_hint')}
        value={text}
        maxLength={TEXT_MAX}
        onChange={(event) => setText(event.target.value)}
        onKeyDown={keys}
      />
      {(text.trim() !== '' || cancel) && (
        <div className="row">
          <span className="tiny grow note-internal">
            <Icon name="lock" size={12} /> {t('customer.note_internal')}
          </span>
          {cancel && (
            <Button small look="quiet" onClick={cancel}>
              {t('ui.cancel')}
            </Button>
          )}
          <Button small look="primary" busy={busy} onClick={() => void done()}>
            {t('customer.note_save')}
          </Button>
        </div>
      )}
    </div>
  );
}

interface LineProps {
  note: CustomerNote;
  change: (text: string) => Promise<boolean>;
  remove: () => void;
}

function Line({ note, change, remove }: LineProps) {
  const { t } = useTranslation();
  const { me } = useWorkspace();
  const [editing, setEditing] = useState(false);
  const mine = note.author_id === me.id && may(me, 'write');
  if (editing)
    return (
      <li>
        <Writer
          start={note.text}
          label={t('customer.note_edit')}
          cancel={() => setEditing(false)}
          save={async (text) => {
            const good = await change(text);
            if (good) setEditing(false);
            return good;
          }}
        />
      </li>
    );
  return (
    <li className="customer-note">
      <div className="row tiny soft">
        <Face name={note.author} size="small" />
        <strong className="cut">{note.author}</strong>
        <Ago at={note.at} />
        {note.edited_at && <span>{t('customer.note_edited')}</span>}
        <span className="grow" />
        {mine && (
          <IconButton
            icon="edit"
            label={t('customer.note_edit')}
            onClick={() => setEditing(true)}
          />
        )}
        {(mine || may(me, 'supervise')) && (
          <IconButton icon="trash" label={t('customer.note_remove')} onClick={remove} />
        )}
      </div>
      <p className="customer-note-text">{note.text}</p>
    </li>
  );
}

export function Notes({ id }: { id: string }) {
  const { t } = useTranslation();
  const { client, me, undos } = useWorkspace();
  const queries = useQueryClient();
  const writes = useWrites();
  const { run } = useAct();
  const key = ['customer', id, 'notes'];
  const query = useQuery({
    queryKey: key,
    queryFn: () => client.get<{ items: CustomerNote[] }>(`/v1/customers/${id}/notes`),
  });
  const tell = async (work: Promise<{ note: CustomerNote } | undefined>): Promise<CustomerNote> => {
    const told = await work;
    await queries.invalidateQueries({ queryKey: key });
    return told?.note as CustomerNote;
  };
  const calls = {
    write: (text: string) => tell(client.post(`/v1/customers/${id}/notes`, { body: { text } })),
    change: (note: CustomerNote, text: string) =>
      tell(
        client.patch(`/v1/customer_notes/${note.id}`, {
          body: { text },
          headers: { 'If-Match': `"${note.version}"` },
        }),
      ),
    remove: (note: CustomerNote) => tell(client.delete(`/v1/customer_notes/${note.id}`)),
  };
  /** Does it, and offers to take it back. */
  const may = async (
    label: string,
    work: () => Promise<CustomerNote>,
    undo: (made: CustomerNote) => Promise<unknown>,
  ): Promise<boolean> => {
    let made: CustomerNote | undefined;
    const good = await run(async () => (made = await work()));
    if (good) undos.offer(t(label), async () => void (await undo(made as CustomerNote)));
    return good;
  };
  const remove = async (note: CustomerNote): Promise<void> => {
    const gone = (): Promise<CustomerNote> => calls.remove(note);
    // words of a colleague cannot come back under his name
    if (note.author_id !== me.id) await run(gone, t('customer.note_removed_final'));
    else await may('customer.note_removed', gone, () => calls.write(note.text));
  };
  const notes = query.data?.items ?? [];
  return (
    <div className="stack">
      {writes && (
        <Writer
          label={t('customer.note_new')}
          save={(text) => may('customer.note_written', () => calls.write(text), calls.remove)}
        />
      )}
      <Async
        loading={query.isLoading}
        error={query.data ? null : asError(query.error)}
        stale={query.isError && Boolean(query.data)}
        retry={() => void query.refetch()}
      >
        {notes.length === 0 ? (
          <Empty
            title={t('customer.no_notes')}
            hint={t(writes ? 'customer.no_notes_hint' : 'customer.notes_forbidden')}
            icon={writes ? 'edit' : 'lock'}
          />
        ) : (
          <ul className="stack">
            {notes.map((note) => (
              <Line
                key={note.id}
                note={note}
                change={(text) =>
                  may(
                    'customer.note_changed',
                    () => calls.change(note, text),
                    (made) => calls.change(made, note.text),
                  )
                }
                remove={() => void remove(note)}
              />
            ))}
          </ul>
        )}
      </Async>
    </div>
  );
}
