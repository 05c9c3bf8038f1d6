// From Send to the outbox: what must be asked first, one question after the other, then it goes.

import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { CaseAnswer } from '@api/types';
import { useAct } from '@agent/data/act';
import { useEntity, useRows, useSetup, useWorkspace } from '@agent/data/hooks';
import type { Question } from './Asks';
import { LANGUAGE_FROM, promisesFile, sameLanguage } from './checks';
import type { Doors } from './door';
import type { Moment } from './Later';
import { useSend } from './sending';
import type { ThenChoice } from './Then';
import type { DraftState, Words } from './useDraft';

const LANGUAGE_MS = 1_500;

export interface Going {
  then: ThenChoice;
  later?: Moment;
  next?: () => void;
}

interface Ready extends Going {
  /** As they stood when Send was pressed; what is typed later is another answer. */
  words: Words;
  /** What has been asked and answered. */
  asked: ReadonlySet<Question['kind']>;
  join: boolean;
  reason?: string;
}

interface Options {
  answer: CaseAnswer;
  doors: Doors;
  draft: DraftState;
  seen: () => number;
  signed: boolean;
  onSent: () => void;
}

/** Who has the work the answer would be written in, when it is somebody else. */
function useOwner(answer: CaseAnswer, doors: Doors): { id: string; name: string } | undefined {
  const { me } = useWorkspace();
  const { colleagues } = useSetup();
  const work = useRows('work_item', answer.case.id);
  const held = work.find(
    (row) =>
      row.interaction_id === doors.door?.interaction_id &&
      (row.state === 'in_work' || row.state === 'suspended'),
  );
  if (!held?.agent_id || held.agent_id === me.id) return undefined;
  const name = colleagues.find((one) => one.id === held.agent_id)?.name ?? '?';
  return { id: held.id, name };
}

/** Asks the server which language a text is in; nothing when it cannot tell in time. */
function useLanguageOf() {
  const { client } = useWorkspace();
  return async (text: string): Promise<string | null> => {
    if (text.length < LANGUAGE_FROM) return null;
    const asked = client
      .post<{ language: string | null }>('/v1/language', {
        body: { text },
        signal: AbortSignal.timeout(LANGUAGE_MS),
      })
      .catch(() => ({ language: null }));
    return (await asked).language;
  };
}

/** One answer at a time: who presses Send again while the first is looked at sends no second one. */
function useAlone() {
  const running = useRef(false);
  const [busy, setBusy] = useState(false);
  const alone = async (work: () => Promise<void>): Promise<void> => {
    if (running.current) return;
    running.current = true;
    setBusy(true);
    try {
      await work();
    } finally {
      running.current = false;
      setBusy(false);
    }
  };
  return { busy, alone };
}

export function useSending({ answer, doors, draft, seen, signed, onSent }: Options) {
  const { t } = useTranslation();
  const workspace = useWorkspace();
  const found = useEntity('case', answer.case.id);
  const owner = useOwner(answer, doors);
  const languageOf = useLanguageOf();
  const { run } = useAct();
  const send = useSend(answer, doors);
  const [pending, setPending] = useState<{ question: Question; ready: Ready }>();
  const [joined, setJoined] = useState<string>();
  const { busy, alone } = useAlone();
  const id = answer.case.id;
  const here = useRef(id);
  here.current = id;
  useEffect(() => setPending(undefined), [id]);

  const question = async (ready: Ready): Promise<Question | undefined> => {
    const { words } = ready;
    const customer = found?.language ?? found?.customer.language;
    if (doors.asksReason && doors.door && !ready.asked.has('reason'))
      return { kind: 'reason', channel: doors.door.channel_kind };
    if (owner && joined !== owner.id && !ready.asked.has('owner'))
      return { kind: 'owner', name: owner.name, takeOver: answer.may.assign === true };
    if (!ready.asked.has('attachment') && words.files.length === 0 && promisesFile(words.text))
      return { kind: 'attachment' };
    if (customer && !ready.asked.has('language')) {
      const text = await languageOf(words.text);
      if (text && !sameLanguage(text, customer)) return { kind: 'language', text, customer };
    }
    return undefined;
  };

  const leave = async (ready: Ready): Promise<void> => {
    const { words } = ready;
    await send.reply({
      ...words,
      text: words.text.trim(),
      then: ready.then,
      seen: seen(),
      join: ready.join || joined === owner?.id,
      signed,
      later: ready.later,
      reason: ready.reason ?? doors.reason,
    });
    draft.sent(words);
    onSent();
    ready.next?.();
  };

  const go = (ready: Ready): Promise<void> =>
    alone(async () => {
      const asked = await question(ready);
      // Whoever went on to another Case meanwhile has sent it: only what was slow could still ask.
      if (asked && here.current === id) setPending({ question: asked, ready });
      else await leave(ready);
    });

  return {
    note: send.note,
    /** Whether an answer is on its way out: it may still ask something. */
    busy,
    start: (going: Going): void => {
      const words = { text: draft.text, html: draft.html, files: draft.files };
      void go({ ...going, words, asked: new Set(), join: false });
    },
    question: pending?.question,
    close: () => setPending(undefined),
    answered: (given: { reason?: string; takeOver?: boolean }): void => {
      if (!pending) return;
      const { question: was, ready } = pending;
      setPending(undefined);
      const join = ready.join || (was.kind === 'owner' && !given.takeOver);
      const reason = given.reason ?? ready.reason;
      const next: Ready = { ...ready, asked: new Set([...ready.asked, was.kind]), join, reason };
      if (given.reason) doors.explain(given.reason);
      if (was.kind === 'owner' && owner && !given.takeOver) setJoined(owner.id);
      if (given.takeOver && owner) {
        void run(async () => {
          const body = { agent_id: workspace.me.id, reason: t('assign.took_over') };
          await workspace.client.post(`/v1/work_items/${owner.id}/assign`, { body });
          await go(next);
        });
      } else void go(next);
    },
  };
}
