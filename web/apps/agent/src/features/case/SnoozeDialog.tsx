// Putting a Case aside in plain words: what they mean is shown while one types, arrows choose.

import { useQuery } from '@tanstack/react-query';
import { useState, type KeyboardEvent } from 'react';
import { useTranslation } from 'react-i18next';
import type { Case } from '@api/types';
import { dayTime, relative } from '@i18n/format';
import { Confirm } from '@ui/Confirm';
import { Dialog } from '@ui/Dialog';
import { TextField } from '@ui/Field';
import { Icon } from '@ui/Icon';
import { useAct } from '@agent/data/act';
import { useLanguage, useLiveWork, useNow, useWorkspace } from '@agent/data/hooks';

interface Meant {
  items: { at: string; said: string }[];
  zone: string;
}

const STEPS: Record<string, number> = { ArrowDown: 1, ArrowUp: -1 };

function useMeant(text: string) {
  const { client } = useWorkspace();
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  return useQuery({
    queryKey: ['when', text.trim(), zone],
    queryFn: () => client.get<Meant>('/v1/when', { query: { text: text.trim(), zone } }),
    placeholderData: (before) => before,
    staleTime: 20_000,
  });
}

function Choices({
  items,
  chosen,
  choose,
}: {
  items: Meant['items'];
  chosen: number;
  choose: (index: number) => void;
}) {
  const { t } = useTranslation();
  const language = useLanguage();
  const now = useNow(30_000);
  return (
    <div role="listbox" aria-label={t('when.suggestions')} className="when-list">
      {items.map((one, index) => {
        const at = Date.parse(one.at);
        return (
          <div
            key={one.at}
            role="option"
            tabIndex={-1}
            aria-selected={index === chosen}
            className="when-choice"
            onClick={() => choose(index)}
            onKeyDown={() => undefined}
          >
            <Icon name={index === chosen ? 'check' : 'clock'} size={16} />
            <span className="grow when-moment">{dayTime(language, at, now)}</span>
            <span className="tiny soft">{relative(language, at, now)}</span>
          </div>
        );
      })}
    </div>
  );
}

export function SnoozeDialog({ found, onClose }: { found: Case; onClose: () => void }) {
  const { t } = useTranslation();
  const language = useLanguage();
  const { client, store, undos, me } = useWorkspace();
  const mine = useLiveWork(found).some((one) => one.agent_id === me.id);
  const { busy, run } = useAct();
  const [text, setText] = useState('');
  const [at, setAt] = useState(0);
  const meant = useMeant(text);
  const items = meant.data?.items ?? [];
  const chosen = items[Math.min(at, items.length - 1)];
  const snooze = async (): Promise<void> => {
    if (!chosen) return;
    const path = `/v1/cases/${found.id}/snooze`;
    const good = await run(async () => {
      const body = { until: chosen.at, text: text.trim() };
      store.put('case', (await client.post<{ case: Case }>(path, { body })).case);
    });
    if (!good) return;
    const query = mine ? { take: 'true' } : undefined;
    undos.offer(
      t('park.done', { time: dayTime(language, Date.parse(chosen.at), Date.now()) }),
      async () => {
        store.put('case', (await client.delete<{ case: Case }>(path, { query })).case);
      },
    );
    onClose();
  };
  const press = (event: KeyboardEvent): void => {
    const step = STEPS[event.key];
    if (step !== undefined && items.length > 0) {
      event.preventDefault();
      setAt((at + step + items.length) % items.length);
    } else if (event.key === 'Enter' && !event.nativeEvent.isComposing) {
      event.preventDefault();
      void snooze();
    }
  };
  return (
    <Dialog
      title={t('park.title')}
      onClose={onClose}
      actions={
        <Confirm
          onClose={onClose}
          icon="moon"
          busy={busy}
          disabled={!chosen}
          onClick={() => void snooze()}
        >
          {t('action.park')}
        </Confirm>
      }
    >
      <TextField
        data-first
        label={t('when.label')}
        hint={t('when.hint')}
        value={text}
        maxLength={100}
        error={text.trim() && meant.isSuccess && items.length === 0 ? t('when.nothing') : undefined}
        onChange={(event) => {
          setText(event.target.value);
          setAt(0);
        }}
        onKeyDown={press}
      />
      <Choices items={items} chosen={Math.min(at, items.length - 1)} choose={setAt} />
      {chosen && (
        <p className="sr" role="status">
          {t('park.done', { time: dayTime(language, Date.parse(chosen.at), Date.now()) })}
        </p>
      )}
      {meant.data && <p className="tiny soft">{t('when.zone', { zone: meant.data.zone })}</p>}
    </Dialog>
  );
}
