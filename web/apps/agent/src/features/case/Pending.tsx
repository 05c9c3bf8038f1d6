// What this person has sent and the server has not confirmed: in the stream, with its state.

import { useMemo, useState, useSyncExternalStore } from 'react';
import { useTranslation } from 'react-i18next';
import type { OutItem } from '@sync/outbox';
import { Button } from '@ui/Button';
import { Icon } from '@ui/Icon';
import { Ago } from '@agent/parts/Marks';
import { useWorkspace } from '@agent/data/hooks';
import { Collision } from './Collision';

export function useOut(caseId: string): OutItem[] {
  const { outbox } = useWorkspace();
  const all = useSyncExternalStore(outbox.subscribe, () => outbox.list());
  return useMemo(() => all.filter((item) => item.lane === caseId), [all, caseId]);
}

function Question({ item, onEdit }: { item: OutItem; onEdit: (item: OutItem) => void }) {
  const { t } = useTranslation();
  const { outbox } = useWorkspace();
  const [open, setOpen] = useState(item.asks === 'moved_on');
  const edit = (): void => {
    void outbox.discard(item.cid);
    onEdit(item);
  };
  return (
    <div className="trouble trouble-warn">
      <Icon name="question" size={16} />
      <div className="grow">
        <p>
          {item.asks === 'old' ? (
            <>
              {t('outbox.old')} (<Ago at={new Date(item.made_at).toISOString()} />)
            </>
          ) : (
            t('outbox.moved_on')
          )}
        </p>
        <div className="row wrap">
          {item.asks === 'moved_on' ? (
            <Button small onClick={() => setOpen(true)}>
              {t('outbox.look')}
            </Button>
          ) : (
            <Button small onClick={() => void outbox.again(item.cid)}>
              {t('outbox.send_now')}
            </Button>
          )}
          <Button small look="quiet" onClick={edit}>
            {t('ui.edit')}
          </Button>
        </div>
      </div>
      {open && item.asks === 'moved_on' && (
        <Collision item={item} onEdit={edit} onClose={() => setOpen(false)} />
      )}
    </div>
  );
}

function Refused({ item, onEdit }: { item: OutItem; onEdit: (item: OutItem) => void }) {
  const { t } = useTranslation();
  const { outbox } = useWorkspace();
  return (
    <div className="trouble trouble-bad" role="alert">
      <Icon name="alert" size={16} />
      <div className="grow">
        <p>
          <strong>{t('outbox.refused')}</strong> {item.problem?.detail || item.problem?.title}
        </p>
        <div className="row wrap">
          <Button small onClick={() => void outbox.again(item.cid)}>
            {t('ui.retry')}
          </Button>
          <Button
            small
            look="quiet"
            onClick={() => {
              void outbox.discard(item.cid);
              onEdit(item);
            }}
          >
            {t('ui.edit')}
          </Button>
        </div>
      </div>
    </div>
  );
}

export function Pending({ item, onEdit }: { item: OutItem; onEdit: (item: OutItem) => void }) {
  const { t } = useTranslation();
  const text = typeof item.body.text === 'string' ? item.body.text : '';
  const note = item.kind === 'note';
  return (
    <article className={note ? 'note-line pending' : 'bubble-line bubble-out pending'}>
      <div className="bubble-column">
        {note && (
          <header className="row tiny">
            <Icon name="lock" size={13} />
            <strong>{t('note.internal')}</strong>
          </header>
        )}
        <p className={note ? 'said' : 'bubble said'}>{text}</p>
        {(item.state === 'queued' || item.state === 'sending' || item.state === 'accepted') && (
          <span className="ticks">
            <Icon name="clock" size={14} />
            {t(item.tries > 0 ? 'outbox.waiting' : 'outbox.sending')}
          </span>
        )}
        {item.state === 'asks' && <Question item={item} onEdit={onEdit} />}
        {item.state === 'refused' && <Refused item={item} onEdit={onEdit} />}
      </div>
    </article>
  );
}
