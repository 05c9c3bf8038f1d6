// What leaves by HTTP: messages of the outbox and drafts, and what an answer means for them.

import type { Client } from '@api/client';
import { ApiProblem } from '@api/problem';
import type { Case, Message, UploadedFile } from '@api/types';
import type { DraftMode, LocalDraft } from '@sync/drafts';
import type { OutItem, Verdict } from '@sync/outbox';

export interface Sent {
  message: Message;
  case?: Case;
}

/** The line or the server broke: the same call may succeed later. */
export const passing = (error: unknown): boolean => error instanceof ApiProblem && error.passing;

/** Calls are tried again only when the line or the server broke. */
export function patience(failures: number, error: Error): boolean {
  return passing(error) && failures < 3;
}

export async function send(
  client: Client,
  item: OutItem,
  took: (answer: Sent) => void,
): Promise<Verdict> {
  try {
    const headers = { 'Idempotency-Key': item.cid };
    took(await client.post<Sent>(item.path, { body: item.body, headers }));
    return { kind: 'accepted' };
  } catch (error) {
    if (error instanceof ApiProblem) return verdict(error);
    throw error;
  }
}

function verdict(error: ApiProblem): Verdict {
  const { status, code, title, detail, facts } = error;
  const problem = { status, code, title, detail, facts };
  if (status === 401) return { kind: 'signed_out' };
  if (code === 'case.moved_on') return { kind: 'asks', problem };
  if (code === 'idempotency.in_flight') return { kind: 'later', after_ms: 1_000 };
  if (error.passing) return { kind: 'later', after_ms: error.retryAfterMs };
  return { kind: 'refused', problem };
}

/** Where a draft lies on the server: its mode, and for answers their channel. */
export function draftPath(caseId: string, slot: DraftMode): string {
  const [mode = '', channel] = slot.split(':');
  return `/v1/cases/${caseId}/drafts/${mode}${channel ? `?channel=${channel}` : ''}`;
}

/** The text typed last wins; what another device wrote meanwhile is put aside on the server. */
export async function saveDraft(client: Client, draft: LocalDraft): Promise<{ version: number }> {
  const path = draftPath(draft.case_id, draft.mode);
  const files = (draft.files as UploadedFile[]).map((file) => file.id);
  const body = { text: draft.text, html: draft.html ?? null, files, version: draft.version };
  try {
    return await client.put<{ version: number }>(path, { body });
  } catch (error) {
    if (!(error instanceof ApiProblem) || error.code !== 'draft.newer') throw error;
    const current = error.facts.current as { version?: number } | null;
    return client.put(path, { body: { ...body, version: current?.version ?? 0, over: true } });
  }
}
