// How a composer sends: into the outbox, with what the writer had seen, telling others that he types.

import { useRef } from 'react';
import type { Case, CaseAnswer } from '@api/types';
import type { DraftMode } from '@sync/drafts';
import { uuid7 } from '@sync/uuid7';
import { useWorkspace } from '@agent/data/hooks';
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

export function useSend(answer: CaseAnswer, mode: DraftMode) {
  const { outbox } = useWorkspace();
  return async (
    text: string,
    files: readonly { id: string }[],
    then: ThenChoice,
    seen: number,
  ): Promise<void> => {
    const cid = uuid7();
    const lane = answer.case.id;
    if (mode === 'note') {
      await outbox.add({
        cid,
        lane,
        kind: 'note',
        path: `/v1/cases/${lane}/notes`,
        body: { text, mentions: [] },
      });
      return;
    }
    await outbox.add({
      cid,
      lane,
      kind: 'reply',
      path: `/v1/interactions/${answer.reply_to?.interaction_id}/messages`,
      body: { text, files: files.map((file) => file.id), expected_last_item: seen, then },
    });
  };
}
