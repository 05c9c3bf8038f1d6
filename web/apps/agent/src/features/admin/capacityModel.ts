// What work costs and what may interrupt it: the rules in force, what is changed, what is sent.

export interface Cost {
  units: number;
  exclusive: boolean;
}

export interface CapacityRules {
  costs: Readonly<Record<string, Cost>>;
  /** Pairs: what arrives, what makes room for it. */
  interrupts: readonly (readonly [string, string])[];
  own: Readonly<Record<string, unknown>>;
  version: number;
}

export interface CapacityDraft {
  costs: Readonly<Record<string, Cost>>;
  pairs: ReadonlySet<string>;
}

const UNITS_OF_AGENT = 100;
const UNITS_MAX = 300;

export const pairOf = (arrives: string, held: string): string => `${arrives} ${held}`;

export const draftOf = (rules: CapacityRules): CapacityDraft => ({
  costs: rules.costs,
  pairs: new Set(rules.interrupts.map(([arrives, held]) => pairOf(arrives, held))),
});

/** How many of a channel one agent with the usual capacity works on at once. */
export const atOnce = (cost: Cost): number =>
  cost.exclusive ? 1 : Math.max(1, Math.floor(UNITS_OF_AGENT / Math.max(1, cost.units)));

export const unitsOf = (text: string): number =>
  Math.min(UNITS_MAX, Math.max(1, Math.round(Number(text) || 1)));

/** Nothing interrupts itself, and nothing what needs its agent for itself. */
export const mayInterrupt = (draft: CapacityDraft, arrives: string, held: string): boolean =>
  arrives !== held && !draft.costs[held]?.exclusive;

const same = (a: Cost | undefined, b: Cost | undefined): boolean =>
  a?.units === b?.units && a?.exclusive === b?.exclusive;

/** How many costs and pairs differ from what is in force. */
export function changes(rules: CapacityRules, draft: CapacityDraft): number {
  const was = draftOf(rules);
  const costs = Object.keys(draft.costs).filter(
    (kind) => !same(draft.costs[kind], rules.costs[kind]),
  );
  const pairs = [...draft.pairs].filter((pair) => !was.pairs.has(pair));
  const gone = [...was.pairs].filter((pair) => !draft.pairs.has(pair));
  return costs.length + pairs.length + gone.length;
}

/** What is sent: what the house has said of its own, and what is changed now; the rest stays as usual. */
export function bodyOf(rules: CapacityRules, draft: CapacityDraft): Record<string, unknown> {
  const own = (rules.own.costs ?? {}) as Record<string, Cost>;
  const costs = Object.fromEntries(
    Object.entries(draft.costs).filter(
      ([kind, cost]) => kind in own || !same(cost, rules.costs[kind]),
    ),
  );
  const interrupts = [...draft.pairs]
    .map((pair) => pair.split(' '))
    .filter(([arrives = '', held = '']) => mayInterrupt(draft, arrives, held));
  const asBefore = interrupts.length === rules.interrupts.length;
  const known = draftOf(rules).pairs;
  const changed = !asBefore || interrupts.some(([a = '', b = '']) => !known.has(pairOf(a, b)));
  return { costs, ...((changed || 'interrupts' in rules.own) && { interrupts }) };
}
