// Event rules as the server keeps them: when this happens and a condition holds, do that.

export const EVENTS = [
  'case.opened',
  'case.moved',
  'case.kind_set',
  'message.received',
  'message.written',
  'work_item.queued',
  'work_item.finished',
  'step.entered',
  'step.left',
  'sla.warned',
  'sla.breached',
  'rating.given',
] as const;

export const ACTIONS = [
  'tag',
  'priority',
  'tier',
  'kind',
  'queue',
  'requirement',
  'attribute',
  'notify',
  'note',
] as const;
export type ActionName = (typeof ACTIONS)[number];

export interface EventAction {
  do: ActionName;
  add?: string[];
  remove?: string[];
  to?: string;
  kind?: string | null;
  queue?: string;
  requirement?: { skill: string; min_level: number; kind: string };
  name?: string;
  value?: string;
  text?: string;
}

export interface EventLine {
  id: string;
  on: string[];
  when: string;
  do: EventAction[];
  active: boolean;
}

export interface Standing {
  rule: string;
  done: number;
  errors: number;
  loops: number;
  last_at: string | null;
  off_at: string | null;
  detail: string | null;
}

export interface EventFault {
  number: number;
  code: string;
  field?: string;
  detail?: string;
  names?: string[];
  action?: number;
}

export interface EventRun {
  events: number;
  more: boolean;
  rules: { rule: string; hits: number; cases: number; errors: number }[];
  samples: {
    rule: string;
    event: string;
    at: string;
    case_id: string;
    reference: string;
    title: string;
  }[];
}

export const freshRule = (): EventLine => ({
  id: '',
  on: ['case.opened'],
  when: '',
  do: [{ do: 'tag', add: [], remove: [] }],
  active: true,
});

/** What an action of a sort says before anybody has filled it in. */
export function freshAction(name: ActionName, queue: string, skill: string): EventAction {
  switch (name) {
    case 'tag':
      return { do: name, add: [], remove: [] };
    case 'priority':
      return { do: name, to: 'high' };
    case 'tier':
      return { do: name, to: 'priority' };
    case 'kind':
      return { do: name, kind: null };
    case 'queue':
      return { do: name, queue };
    case 'requirement':
      return { do: name, requirement: { skill, min_level: 3, kind: 'required' } };
    case 'attribute':
      return { do: name, name: '', value: '' };
    case 'notify':
      return { do: name, to: 'leads', text: '' };
    case 'note':
      return { do: name, text: '' };
  }
}

/** As it travels: words of tags without blanks, a notice without words says the title. */
export function tidied(rule: EventLine): EventLine {
  return {
    ...rule,
    id: rule.id.trim(),
    when: rule.when.trim(),
    do: tidiedActions(rule.do),
  };
}

export const tidiedActions = (actions: readonly EventAction[]): EventAction[] =>
  actions.map((one) => {
    if (one.do !== 'notify' || one.text?.trim()) return one;
    const { text: _, ...rest } = one;
    return rest;
  });

export const sameRules = (a: readonly EventLine[], b: readonly EventLine[]): boolean =>
  JSON.stringify(a.map(tidied)) === JSON.stringify(b.map(tidied));

export const words = (text: string): string[] =>
  text
    .split(',')
    .map((one) => one.trim())
    .filter(Boolean);
