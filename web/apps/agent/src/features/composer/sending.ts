// How a composer sends: into the outbox, with what the writer had seen, telling others that he types.

import { useRef } from 'react';
import type { Case, CaseAnswer } from '@api/types';
import type { DraftMode } from '@sync/drafts';
import { uuid7 } from '@sync/uuid7';
import { useWorkspace } from '@agent/data/hooks';
import type { Doors } from './door';
import type { Moment } from './Later';
import type { Mention } from './suggestions';
import type { ThenChoice } from './Then';

/** What the writer had seen when he last touched the text: the collision rule compares with it. */
export function useSeen(found: Case | undefined): { touch: () => void; last: () => number } {
  const seen = useRef(found?.last_item ?? 0);
  const id = useRef(found?.id);
  if (id.current !== found?.id) {
    id.current = found?.id;
    seen.current = found?.last_item ?? 0;
  }
  return {
    touch: () => {
      seen.current = found?.last_item ?? seen.current;
    },
    last: () => seen.current,
  };
}

export function useTyping(caseId: string, mode: DraftMode): () => void {
  const { stream } = useWorkspace();
  const last = useRef(0);
  return () => {
    const now = Date.now();
    if (now - last.current < 3_000) return;
    last.current = now;
    stream.say(`case:${caseId}`, 'typing', { mode });
  };
}

/** Everything one press of Send means. */
export interface Sending {
  text: string;
  html: string | undefined;
  files: readonly { id: string }[];
  then: ThenChoice;
  seen: number;
  join: boolean;
  signed: boolean;
  later: Moment | undefined;
  /** Why another channel than the customer's last; empty when that was told before. */
  reason: string;
}

export function useSend(answer: CaseAnswer, doors: Doors) {
  const { outbox } = useWorkspace();
  const lane = answer.case.id;
  const note = (text: string, mentions: readonly Mention[]): Promise<void> =>
    outbox.add({
      cid: uuid7(),
      lane,
      kind: 'note',
      path: `/v1/cases/${lane}/notes`,
      body: { text, mentions: mentions.map(({ kind, id }) => ({ kind, id })) },
    });
  const reply = (what: Sending): Promise<void> => {
    const { door } = doors;
    const usual = door?.interaction_id === answer.reply_to?.interaction_id;
    const body: Record<string, unknown> = {
      text: what.text,
      files: what.files.map((file) => file.id),
      expected_last_item: what.seen,
      then: what.then,
    };
    if (what.html !== undefined) body.html = what.html;
    if (what.join) body.join = true;
    if (!what.signed) body.signed = false;
    if (what.later) Object.assign(body, { schedule_at: what.later.at, pinned: what.later.pinned });
    if (!usual && door) {
      const { account_id, identity_id } = door;
      Object.assign(body, { account_id, identity_id, reason: what.reason });
    }
    const path =
      usual || !door
        ? `/v1/interactions/${answer.reply_to?.interaction_id}/messages`
        : `/v1/cases/${lane}/messages`;
    return outbox.add({ cid: uuid7(), lane, kind: 'reply', path, body });
  };
  return { note, reply };
}
