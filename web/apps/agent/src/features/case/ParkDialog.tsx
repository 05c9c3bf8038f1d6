// Snoozing a WorkItem: until a moment, or while the customer or somebody else must move first.

import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { WorkItem } from '@api/types';
import { mediumTime } from '@i18n/format';
import { Button } from '@ui/Button';
import { Dialog } from '@ui/Dialog';
import { Select, TextField } from '@ui/Field';
import { useAct } from '@agent/data/act';
import { useLanguage, useWorkspace } from '@agent/data/hooks';

const HOUR = 3_600_000;

/** Local wall time as an input of the browser wants it. */
const local = (at: number): string => {
  const zone = new Date(at).getTimezoneOffset() * 60_000;
  return new Date(at - zone).toISOString().slice(0, 16);
};

function morning(days: number): number {
  const at = new Date();
  at.setDate(at.getDate() + days);
  at.setHours(9, 0, 0, 0);
  return at.getTime();
}

export function ParkDialog({ item, onClose }: { item: WorkItem; onClose: () => void }) {
  const { t } = useTranslation();
  const language = useLanguage();
  const { client, store, clock } = useWorkspace();
  const { busy, run } = useAct();
  const [until, setUntil] = useState(() => local(morning(1)));
  const [cause, setCause] = useState('date');
  const quick = [
    { name: t('park.hour'), at: clock.now() + HOUR },
    { name: t('park.tomorrow'), at: morning(1) },
    { name: t('park.week'), at: morning(7) },
  ];
  const park = async (): Promise<void> => {
    const at = new Date(until).getTime();
    const good = await run(
      async () => {
        const answer = await client.post<{ work_item?: WorkItem }>(
          `/v1/work_items/${item.id}/park`,
          {
            body: { until: new Date(at).toISOString(), for: cause },
          },
        );
        if (answer?.work_item) store.put('work_item', answer.work_item);
      },
      t('park.done', { time: mediumTime(language, at) }),
    );
    if (good) onClose();
  };
  return (
    <Dialog
      title={t('park.title')}
      onClose={onClose}
      actions={
        <>
          <Button onClick={onClose}>{t('ui.cancel')}</Button>
          <Button
            look="primary"
            icon="moon"
            busy={busy}
            disabled={!until}
            onClick={() => void park()}
          >
            {t('action.park')}
          </Button>
        </>
      }
    >
      <div className="row wrap">
        {quick.map((one) => (
          <Button key={one.name} small onClick={() => setUntil(local(one.at))}>
            {one.name}
          </Button>
        ))}
      </div>
      <TextField
        label={t('park.until')}
        type="datetime-local"
        value={until}
        min={local(Date.now())}
        onChange={(event) => setUntil(event.target.value)}
      />
      <Select
        label={t('park.for')}
        value={cause}
        onChange={setCause}
        hint={t(`park.for.${cause}_hint`)}
        options={['date', 'customer', 'third_party'].map((value) => ({
          value,
          label: t(`park.for.${value}`),
        }))}
      />
    </Dialog>
  );
}
