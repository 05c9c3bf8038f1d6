// How one stream over all channels is cut: runs of one Interaction, days, the line of what is new.

import type { Interaction, Message } from '@api/types';

export type Line =
  | { kind: 'day'; key: string; at: number }
  | { kind: 'section'; key: string; interaction: Interaction }
  | { kind: 'new'; key: string }
  | { kind: 'system'; key: string; messages: Message[] }
  | { kind: 'message'; key: string; message: Message; interaction?: Interaction; follows: boolean };

const CLOSE_MS = 5 * 60_000;

const day = (at: string): string => new Date(at).toDateString();

/** True when a line belongs to the one before it: same author, same kind, few minutes later. */
function follows(message: Message, before: Message | undefined): boolean {
  return (
    before !== undefined &&
    before.kind === message.kind &&
    before.author.id === message.author.id &&
    before.author.kind === message.author.kind &&
    before.interaction_id === message.interaction_id &&
    before.facts.page === message.facts.page &&
    Date.parse(message.at) - Date.parse(before.at) < CLOSE_MS
  );
}

export function linesOf(
  messages: readonly Message[],
  interactions: readonly Interaction[],
  read: number | undefined,
): Line[] {
  const lines: Line[] = [];
  const known = new Map(interactions.map((row) => [row.id, row]));
  let open: string | undefined;
  let before: Message | undefined;
  let marked = read === undefined;
  for (const message of messages) {
    const spoken = message.kind === 'in' || message.kind === 'out';
    const interaction = known.get(message.interaction_id);
    let broken = false;
    if (!before || day(before.at) !== day(message.at)) {
      lines.push({ kind: 'day', key: `day ${message.id}`, at: Date.parse(message.at) });
      broken = true;
    }
    if (interaction && (open === undefined || (spoken && open !== interaction.id))) {
      lines.push({ kind: 'section', key: `section ${message.id}`, interaction });
      open = interaction.id;
      broken = true;
    }
    if (!marked && message.kind === 'in' && message.position > (read ?? 0)) {
      lines.push({ kind: 'new', key: 'new' });
      marked = true;
      broken = true;
    }
    const group = lines.at(-1);
    const aside = message.kind === 'system' && message.facts.code !== 'rating';
    if (aside && !broken && group?.kind === 'system') {
      group.messages.push(message);
      before = message;
      continue;
    }
    if (aside) {
      lines.push({ kind: 'system', key: message.id, messages: [message] });
      before = message;
      continue;
    }
    lines.push({
      kind: 'message',
      key: message.id,
      message,
      interaction,
      follows: !broken && follows(message, before),
    });
    before = message;
  }
  return lines;
}
