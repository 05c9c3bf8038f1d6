// The channel guard: by which way the answer leaves; the others ranked, shut ones with their reason.

import { useRef } from 'react';
import { useTranslation } from 'react-i18next';
import type { CaseAnswer, Door } from '@api/types';
import { Icon } from '@ui/Icon';
import { Menu } from '@ui/Menu';
import { Ago, ChannelMark } from '@agent/parts/Marks';
import { useCommand } from '@agent/parts/commands';
import { sameDoor, type Doors } from './door';

function useWords() {
  const { t } = useTranslation();
  return {
    why: (door: Door): string =>
      t(`guard.why.${door.why}`, { defaultValue: t('guard.blocked', { why: door.why }) }),
    goes: (door: Door): string =>
      door.channel_kind === 'chat'
        ? t('guard.chat')
        : t('guard.goes', { address: door.address, from: door.account }),
  };
}

function Shown({ door, chosen }: { door: Door; chosen: boolean }) {
  const words = useWords();
  const { t } = useTranslation();
  return (
    <>
      <ChannelMark kind={door.channel_kind} size={14} />
      <span className="cut">{words.goes(door)}</span>
      {door.last_in_at && (
        <span className="guard-ago only-roomy">
          {t('guard.wrote')} <Ago at={door.last_in_at} />
        </span>
      )}
      {chosen && <Icon name="down" size={13} />}
    </>
  );
}

export function Guard({ answer, doors }: { answer: CaseAnswer; doors: Doors }) {
  const { t } = useTranslation();
  const words = useWords();
  const root = useRef<HTMLDivElement>(null);
  useCommand('channel', () => root.current?.querySelector('button')?.click());
  const { door, all } = doors;
  if (!door || !answer.reply_to) {
    return (
      <p className="guard guard-blocked">
        <Icon name="alert" size={14} /> {t('guard.none')}
      </p>
    );
  }
  if (!door.allowed) {
    return (
      <p className="guard guard-blocked">
        <Icon name="alert" size={14} /> {words.why(door)}
      </p>
    );
  }
  if (all.length < 2) {
    return (
      <p className="guard">
        <Shown door={door} chosen={false} />
      </p>
    );
  }
  return (
    <div ref={root} className="guard-menu">
      <Menu
        up
        side="right"
        label={t('guard.choose')}
        className="guard guard-button"
        button={<Shown door={door} chosen />}
        items={all.map((one) => ({
          id: `${one.account_id}${one.identity_id}`,
          label: words.goes(one),
          hint: words.why(one),
          checked: sameDoor(one, door),
          disabled: !one.allowed,
          onSelect: () => doors.choose(one),
        }))}
      />
    </div>
  );
}
