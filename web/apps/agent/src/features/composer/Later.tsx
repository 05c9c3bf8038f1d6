// Answers that leave later: choosing the moment, and the bar that lists them in the Case.

import { useQuery } from '@tanstack/react-query';
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Message } from '@api/types';
import { ApiProblem } from '@api/problem';
import { Button } from '@ui/Button';
import { Confirm } from '@ui/Confirm';
import { Dialog } from '@ui/Dialog';
import { Check, TextField } from '@ui/Field';
import { Icon } from '@ui/Icon';
import { Menu } from '@ui/Menu';
import { useAct } from '@agent/data/act';
import { useLanguage, useRows, useWorkspace } from '@agent/data/hooks';
import { localInput, presets } from './moments';

export interface Moment {
  at: string;
  pinned: boolean;
}

/** What the server understands of "tomorrow 8"; nothing when it knows no such words. */
function useSaid(text: string) {
  const { client } = useWorkspace();
  const asked = text.trim();
  return useQuery({
    queryKey: ['when', asked],
    queryFn: async () => {
      try {
        const query = { text: asked };
        return (await client.get<{ items: { at: string }[] }>('/v1/when', { query })).items;
      } catch (error) {
        if (error instanceof ApiProblem && error.status < 500) return [];
        throw error;
      }
    },
    enabled: asked.length > 1,
  });
}

export const spoken = (language: string, at: string): string =>
  new Intl.DateTimeFormat(language, {
    weekday: 'short',
    day: 'numeric',
    month: 'short',
    hour: 'numeric',
    minute: '2-digit',
  }).format(new Date(at));

interface LaterProps {
  start?: Moment;
  onChoose: (moment: Moment) => void;
  onClose: () => void;
}

export function LaterDialog({ start, onChoose, onClose }: LaterProps) {
  const { t } = useTranslation();
  const language = useLanguage();
  const { clock } = useWorkspace();
  const [text, setText] = useState('');
  const [at, setAt] = useState(start?.at ?? '');
  const [pinned, setPinned] = useState(start?.pinned ?? false);
  const said = useSaid(text).data ?? [];
  const offered = [
    ...said.map((one) => ({ at: one.at, label: spoken(language, one.at) })),
    ...presets(clock.now()).map((one) => ({
      at: one.at,
      label: `${t(`composer.later_${one.name}`)} · ${spoken(language, one.at)}`,
    })),
  ];
  const ready = at !== '' && Date.parse(at) > clock.now();
  return (
    <Dialog
      title={t('composer.later_title')}
      onClose={onClose}
      actions={
        <Confirm onClose={onClose} disabled={!ready} onClick={() => onChoose({ at, pinned })}>
          {ready
            ? t('composer.later_go', { when: spoken(language, at) })
            : t('composer.later_choose')}
        </Confirm>
      }
    >
      <TextField
        label={t('composer.later_words')}
        hint={t('composer.later_hint')}
        value={text}
        onChange={(event) => setText(event.target.value)}
      />
      <div className="row wrap" role="group" aria-label={t('composer.later_title')}>
        {offered.map((one) => (
          <Button
            key={one.label}
            small
            aria-pressed={one.at === at}
            className={one.at === at ? 'later-chosen' : ''}
            onClick={() => setAt(one.at)}
          >
            {one.label}
          </Button>
        ))}
      </div>
      <TextField
        type="datetime-local"
        label={t('composer.later_exact')}
        value={at ? localInput(at) : ''}
        onChange={(event) => {
          const wanted = Date.parse(event.target.value);
          setAt(Number.isNaN(wanted) ? '' : new Date(wanted).toISOString());
        }}
      />
      <Check label={t('composer.later_pinned')} checked={pinned} onChange={setPinned} />
    </Dialog>
  );
}

interface ScheduledProps {
  caseId: string;
  may: boolean;
  onEdit: (message: Message) => void;
}

/** The answers of this Case that wait for their moment. */
export function Scheduled({ caseId, may, onEdit }: ScheduledProps) {
  const messages = useRows('message', caseId);
  const waiting = useMemo(
    () =>
      messages.filter((row) => row.delivery?.state === 'held' && row.delivery.why === 'schedule'),
    [messages],
  );
  return waiting.map((message) => (
    <Waiting key={message.id} message={message} may={may} onEdit={onEdit} />
  ));
}

function Waiting({ message, may, onEdit }: Omit<ScheduledProps, 'caseId'> & { message: Message }) {
  const { t } = useTranslation();
  const language = useLanguage();
  const workspace = useWorkspace();
  const { busy, run } = useAct();
  const [moving, setMoving] = useState(false);
  const held = message.delivery;
  if (!held) return null;
  const call = (verb: string, body?: object, then?: () => void): void =>
    void run(async () => {
      const path = `/v1/deliveries/${held.id}/${verb}`;
      const answer = await workspace.client.post<{ message: Message }>(path, { body });
      workspace.takeMessages([answer.message]);
      then?.();
    });
  return (
    <div className="undo-bar">
      <Icon name="clock" size={16} />
      <span className="grow cut">
        {t(held.pinned ? 'composer.leaves_pinned' : 'composer.leaves', {
          when: spoken(language, held.not_before),
          name: message.author.name,
        })}
        <span className="soft"> {message.text.slice(0, 80)}</span>
      </span>
      {may && (
        <>
          <Button small busy={busy} onClick={() => setMoving(true)}>
            {t('composer.later_change')}
          </Button>
          <Menu
            up
            side="right"
            label={t('action.more')}
            button={<Icon name="more" size={16} />}
            items={[
              {
                id: 'edit',
                label: t('composer.later_edit'),
                icon: 'edit',
                onSelect: () => call('cancel', undefined, () => onEdit(message)),
              },
              { id: 'now', label: t('undo.now'), icon: 'send', onSelect: () => call('release') },
              {
                id: 'cancel',
                label: t('composer.later_cancel'),
                icon: 'close',
                danger: true,
                onSelect: () => call('cancel'),
              },
            ]}
          />
        </>
      )}
      {moving && (
        <LaterDialog
          start={{ at: held.not_before, pinned: held.pinned === true }}
          onClose={() => setMoving(false)}
          onChoose={(moment) => {
            setMoving(false);
            call('schedule', moment);
          }}
        />
      )}
    </div>
  );
}
