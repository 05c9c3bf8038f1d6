// Pasted lines of people: "Jana Nová <jana@example.com>", "Jana Nová, jana@…", tabs, or the address alone.

export interface Invited {
  name: string;
  email: string;
}

const ADDRESS = /[^\s<>,;"']+@[^\s<>,;"']+\.[^\s<>,;"']+/;

function nameOf(email: string): string {
  const words = (email.split('@')[0] ?? '').split(/[._-]+/).filter(Boolean);
  return words.map((word) => word.slice(0, 1).toUpperCase() + word.slice(1)).join(' ');
}

/** Reads lines; each address once, what is no person stays in ``bad``. */
export function linesOf(text: string): { good: Invited[]; bad: string[] } {
  const good = new Map<string, Invited>();
  const bad: string[] = [];
  for (const line of text.split('\n').map((one) => one.trim())) {
    if (line === '') continue;
    const email = ADDRESS.exec(line)?.[0].toLowerCase();
    if (!email) {
      bad.push(line);
      continue;
    }
    const rest = line
      .replace(ADDRESS, '')
      .replace(/[<>,;"']/g, ' ')
      .replace(/\s+/g, ' ')
      .trim();
    if (!good.has(email)) good.set(email, { name: rest || nameOf(email), email });
  }
  return { good: [...good.values()], bad };
}
