// The dialog of a collision: what came in between, and three ways on.

import { useTranslation } from 'react-i18next';
import type { Message } from '@api/types';
import type { OutItem } from '@sync/outbox';
import { Button } from '@ui/Button';
import { Dialog } from '@ui/Dialog';
import { Face } from '@ui/Small';
import { useEntity, useWorkspace } from '@agent/data/hooks';
import { Ago } from '@agent/parts/Marks';

interface CollisionProps {
  item: OutItem;
  onEdit: () => void;
  onClose: () => void;
}

export function Collision({ item, onEdit, onClose }: CollisionProps) {
  const { t } = useTranslation();
  const { outbox } = useWorkspace();
  const found = useEntity('case', item.lane);
  const newer = (item.problem?.facts.newer ?? []) as Message[];
  const last = Number(item.problem?.facts.last_item ?? found?.last_item ?? 0);
  return (
    <Dialog
      title={t('collision.title')}
      onClose={onClose}
      actions={
        <>
          <Button look="danger" onClick={() => void outbox.discard(item.cid)}>
            {t('collision.discard')}
          </Button>
          <Button onClick={onEdit}>{t('ui.edit')}</Button>
          <Button
            look="primary"
            onClick={() => void outbox.again(item.cid, { anyway: true, expected_last_item: last })}
          >
            {t('collision.anyway')}
          </Button>
        </>
      }
    >
      <p>{t('collision.hint')}</p>
      <div className="stack">
        {newer.map((message) => (
          <article key={message.id} className="mail-card">
            <header className="row">
              <Face name={message.author.name || '?'} size="small" />
              <strong className="grow cut">{message.author.name}</strong>
              <span className="tiny soft">
                <Ago at={message.at} />
              </span>
            </header>
            <p className="said">{message.text}</p>
          </article>
        ))}
      </div>
      <div>
        <p className="tiny soft">{t('collision.yours')}</p>
        <p className="bubble said">{String(item.body.text ?? '')}</p>
      </div>
    </Dialog>
  );
}
