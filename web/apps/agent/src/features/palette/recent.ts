// What was chosen lately in the palette, kept on this machine per person.

const KEPT = 12;

export interface Recent {
  id: string;
  /** Cases and customers carry their words and address: they are not at hand otherwise. */
  name?: string;
  hint?: string;
  address?: string;
}

const keyOf = (person: string): string => `polyphony-recent-${person}`;

export function recentOf(person: string): readonly Recent[] {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(keyOf(person)) ?? '[]');
    return Array.isArray(kept) ? (kept as Recent[]) : [];
  } catch {
    return [];
  }
}

export function remember(person: string, one: Recent): void {
  const rest = recentOf(person).filter((other) => other.id !== one.id);
  localStorage.setItem(keyOf(person), JSON.stringify([one, ...rest].slice(0, KEPT)));
}
