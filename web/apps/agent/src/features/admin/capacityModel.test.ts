import { describe, expect, it } from 'vitest';
import { atOnce, bodyOf, changes, draftOf, mayInterrupt, pairOf, unitsOf } from './capacityModel';

const rules = {
  costs: {
    chat: { units: 33, exclusive: false },
    email: { units: 50, exclusive: false },
    callback: { units: 100, exclusive: true },
  },
  interrupts: [['chat', 'email']] as [string, string][],
  own: {},
  version: 0,
};

describe('the rules of capacity on the page', () => {
  it('say how many of a channel one agent has at once', () => {
    expect(atOnce(rules.costs.chat)).toBe(3);
    expect(atOnce(rules.costs.email)).toBe(2);
    expect(atOnce(rules.costs.callback)).toBe(1);
  });

  it('count what differs and nothing else', () => {
    const draft = draftOf(rules);
    expect(changes(rules, draft)).toBe(0);
    const pairs = new Set([pairOf('callback', 'email')]);
    const costs = { ...rules.costs, chat: { units: 25, exclusive: false } };
    expect(changes(rules, { costs, pairs })).toBe(3);
  });

  it('let nothing interrupt itself or what needs its agent alone', () => {
    const draft = draftOf(rules);
    expect(mayInterrupt(draft, 'callback', 'email')).toBe(true);
    expect(mayInterrupt(draft, 'email', 'email')).toBe(false);
    expect(mayInterrupt(draft, 'chat', 'callback')).toBe(false);
    const costs = { ...rules.costs, email: { units: 100, exclusive: true } };
    expect(bodyOf(rules, { ...draft, costs }).interrupts).toEqual([]);
  });

  it('send what the house says of its own and leave the rest as usual', () => {
    const draft = draftOf(rules);
    expect(bodyOf(rules, draft)).toEqual({ costs: {} });
    const chat = { units: 25, exclusive: false };
    const changed = { ...draft, costs: { ...rules.costs, chat } };
    expect(bodyOf(rules, changed)).toEqual({ costs: { chat } });
    const own = { ...rules, own: { costs: { email: rules.costs.email }, interrupts: [] } };
    const { email } = rules.costs;
    expect(bodyOf(own, draft)).toEqual({ costs: { email }, interrupts: [['chat', 'email']] });
  });

  it('read units within their limits', () => {
    expect([unitsOf('33'), unitsOf(''), unitsOf('1000'), unitsOf('-4')]).toEqual([33, 1, 300, 1]);
  });
});
