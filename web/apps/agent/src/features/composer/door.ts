// By which way an answer leaves: the customer's last one, or another that somebody chose.

import { useState } from 'react';
import type { CaseAnswer, Door, Message } from '@api/types';
import { useRows } from '@agent/data/hooks';

export interface Doors {
  all: readonly Door[];
  /** The way chosen; undefined when there is none at all. */
  door: Door | undefined;
  /** Another channel than the customer's last, and nobody has said why yet. */
  asksReason: boolean;
  reason: string;
  choose: (door: Door) => void;
  explain: (reason: string) => void;
}

export const sameDoor = (one: Door | undefined, other: Door | undefined): boolean =>
  one !== undefined &&
  one.account_id === other?.account_id &&
  one.identity_id === other.identity_id;

/** Somebody has told before why this Case is answered by this channel. */
const explained = (messages: readonly Message[], door: Door): boolean =>
  messages.some(
    (row) =>
      row.kind === 'out' &&
      row.interaction_id === door.interaction_id &&
      typeof row.facts.channel_reason === 'string',
  );

export function useDoors(answer: CaseAnswer): Doors {
  const [chosen, setChosen] = useState<Door>();
  const [reason, setReason] = useState('');
  const messages = useRows('message', answer.case.id);
  const all = answer.doors ?? [];
  const last = answer.reply_to?.interaction_id;
  const usual = all.find((one) => one.interaction_id === last) ?? all.find((one) => one.allowed);
  const door = all.find((one) => sameDoor(one, chosen)) ?? usual ?? all[0];
  const kind = answer.reply_to?.channel_kind;
  const asksReason =
    door !== undefined &&
    kind !== undefined &&
    door.channel_kind !== kind &&
    reason === '' &&
    !explained(messages, door);
  return {
    all,
    door,
    asksReason,
    reason,
    choose: (next) => {
      setChosen(next);
      setReason('');
    },
    explain: setReason,
  };
}
