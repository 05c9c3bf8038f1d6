// A ladder as it is set up: rungs with their moment, what they do and whom they concern.

export const ACTIONS = [
  ...(['notify', 'page', 'raise', 'ladder', 'move', 'assign'] as const),
  ...(['note', 'webhook'] as const),
] as const;
export type Action = (typeof ACTIONS)[number];

export interface To {
  who: string;
  id?: string;
}

export interface RungRow {
  at_pct?: number;
  after_min?: number;
  action: Action;
  to?: To[];
  queue_id?: string;
  hook_id?: string;
  urgency?: string;
  tier?: string;
  step?: number;
  text?: string;
  repeat_min?: number;
  ack_required?: boolean;
}

export interface LadderRow {
  id: string;
  version: number;
  name: string;
  steps: RungRow[];
}

/** When a rung is reached: a share of the target, or minutes before or after the deadline. */
export type When = 'pct' | 'before' | 'after';

export interface RungDraft {
  key: number;
  when: When;
  amount: string;
  action: Action;
  to: string[];
  queue_id: string;
  hook_id: string;
  urgency: string;
  tier: string;
  step: string;
  text: string;
  repeat: string;
  ack: boolean;
}

export const toKey = (one: To): string => (one.id ? `${one.who}:${one.id}` : one.who);
const fromKey = (key: string): To => {
  const [who = '', id] = key.split(':');
  return id ? { who, id } : { who };
};

const FRESH: Omit<RungDraft, 'key'> = {
  when: 'pct',
  amount: '75',
  action: 'notify',
  to: ['lead'],
  queue_id: '',
  hook_id: '',
  urgency: 'up',
  tier: '',
  step: '2',
  text: '',
  repeat: '',
  ack: false,
};

export const freshRung = (key: number): RungDraft => ({ ...FRESH, key });

function whenOf(row: RungRow): Pick<RungDraft, 'when' | 'amount'> {
  if (row.at_pct !== undefined) return { when: 'pct', amount: String(row.at_pct) };
  const minutes = row.after_min ?? 0;
  return { when: minutes < 0 ? 'before' : 'after', amount: String(Math.abs(minutes)) };
}

export const rungOf = (row: RungRow, key: number): RungDraft => ({
  ...FRESH,
  key,
  ...whenOf(row),
  action: row.action,
  to: (row.to ?? []).map(toKey),
  queue_id: row.queue_id ?? '',
  hook_id: row.hook_id ?? '',
  urgency: row.urgency ?? '',
  tier: row.tier ?? '',
  step: String(row.step ?? 2),
  text: row.text ?? '',
  repeat: row.repeat_min ? String(row.repeat_min) : '',
  ack: row.ack_required ?? false,
});

const whole = (text: string): number => (/^\d+$/.test(text.trim()) ? Number(text) : Number.NaN);
export const tells = (action: Action): boolean => action === 'notify' || action === 'page';

export function rungReady(one: RungDraft): boolean {
  const amount = whole(one.amount);
  const most = one.when === 'pct' ? 1000 : 43_200;
  const least = one.when === 'pct' ? 1 : 0;
  const repeat = one.repeat.trim() === '' ? 1 : whole(one.repeat);
  if (!(amount >= least && amount <= most) || !(repeat >= 1 && repeat <= 1440)) return false;
  if (tells(one.action)) return one.to.length > 0;
  if (one.action === 'move') return one.queue_id !== '';
  if (one.action === 'webhook') return one.hook_id !== '';
  if (one.action === 'raise') return one.urgency !== '' || one.tier !== '';
  return one.action !== 'note' || one.text.trim() !== '';
}

function moment(one: RungDraft): Pick<RungRow, 'at_pct' | 'after_min'> {
  if (one.when === 'pct') return { at_pct: whole(one.amount) };
  return { after_min: one.when === 'before' ? -whole(one.amount) : whole(one.amount) };
}

/** What the server keeps of a rung: only what its action needs. */
export function rungBody(one: RungDraft): RungRow {
  const body: RungRow = { ...moment(one), action: one.action };
  if (tells(one.action) || one.action === 'assign') body.to = one.to.map(fromKey);
  if (one.action === 'move') body.queue_id = one.queue_id;
  if (one.action === 'webhook') body.hook_id = one.hook_id;
  if (one.action === 'raise' && one.urgency) body.urgency = one.urgency;
  if (one.action === 'raise' && one.tier) body.tier = one.tier;
  if (one.action === 'ladder') body.step = Number(one.step);
  if (one.text.trim()) body.text = one.text.trim();
  if (tells(one.action) && one.repeat.trim()) body.repeat_min = whole(one.repeat);
  if (tells(one.action) && one.ack) body.ack_required = true;
  return body;
}
