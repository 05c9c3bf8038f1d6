// Keeps what is read for the time without a line: Cases that were opened stay as the stream makes them.

import type { CaseAnswer } from '@api/types';
import { Answers, type Kept } from '@sync/answers';
import type { Shelf } from '@sync/shelf';
import { caseOf } from './offline';
import type { Workspace } from './workspace';

const FLUSH_MS = 3_000;
const NEWEST = 50;

export class Keeping {
  readonly answers: Answers;
  private dirty = new Set<string>();
  private timer: ReturnType<typeof setTimeout> | undefined;
  private readonly stop: () => void;

  constructor(
    private readonly workspace: Workspace,
    shelf: Shelf<Kept>,
  ) {
    this.answers = new Answers(shelf, () => workspace.connection.get() !== 'live');
    this.stop = workspace.store.observe(({ type, id }) => {
      if (type === 'case') this.note(id);
      else if (type === 'message') this.note(workspace.store.get('message', id)?.case_id);
      else if (type === 'work_item') this.note(workspace.store.get('work_item', id)?.case_id);
    });
  }

  close(): void {
    this.stop();
    clearTimeout(this.timer);
  }

  /** Puts the Cases that are kept where the lists find them. */
  async restore(): Promise<void> {
    const { store } = this.workspace;
    for (const { address, body } of await this.answers.all()) {
      if (!caseOf(address)) continue;
      const answer = body as CaseAnswer;
      store.put('case', answer.case);
      store.putAll('work_item', answer.work_items);
    }
  }

  private note(id: string | undefined): void {
    if (!id || !this.workspace.leader.get()) return;
    this.dirty.add(id);
    this.timer ??= setTimeout(() => {
      this.timer = undefined;
      void this.flush().catch(() => undefined);
    }, FLUSH_MS);
  }

  private async flush(): Promise<void> {
    const ids = [...this.dirty];
    this.dirty.clear();
    for (const id of ids) await this.answers.change(`/v1/cases/${id}`, (body) => this.renew(body));
  }

  /** The kept answer with the rows as they are now; undefined when the Case is not to be seen any more. */
  private renew(body: unknown): unknown {
    const answer = body as CaseAnswer;
    const { store, byCase } = this.workspace;
    const { id } = answer.case;
    const found = store.get('case', id);
    if (!found) return store.buried('case', id) ? undefined : answer;
    return {
      ...answer,
      case: found,
      messages: merged(answer.messages ?? [], byCase.message.rows(id)).slice(-NEWEST),
      work_items: byCase.work_item.rows(id),
      interactions: byCase.interaction.rows(id),
      steps: byCase.case_step.rows(id),
    };
  }
}

function merged<T extends { id: string; version: number; position: number }>(
  kept: readonly T[],
  rows: readonly T[],
): T[] {
  const all = new Map(kept.map((row) => [row.id, row]));
  for (const row of rows) if ((all.get(row.id)?.version ?? -1) <= row.version) all.set(row.id, row);
  return [...all.values()].sort((a, b) => a.position - b.position);
}
