// Overflow rules: the measures people type, and what is sent of a rule.
import { describe, expect, it } from 'vitest';
import { compared, complete, condition, rule, sent, typed } from './overflowModel';

describe('overflow rules', () => {
  it('are typed in minutes and per cent, and kept in seconds and shares', () => {
    expect(compared('wait_s', '2,5')).toEqual({ fact: 'wait_s', than: 150 });
    expect(typed({ fact: 'wait_s', than: 150 })).toBe('2.5');
    expect(compared('x', '80')).toEqual({ fact: 'x', than: 0.8 });
    expect(condition('closed')).toEqual({ fact: 'closed' });
  });

  it('are complete when they say where to', () => {
    expect(complete(rule(['closed'], ''))).toBe(false);
    expect(complete(rule(['closed'], 'q'))).toBe(true);
  });

  it('send only what their action uses', () => {
    const one = rule(['closed'], 'q');
    const said = {
      ...one,
      action: { do: 'message', queue_id: 'q', text: { en: 'Later', cs: ' ' } },
    };
    expect(sent([one])[0]?.action).toEqual({ do: 'queue', queue_id: 'q' });
    expect(sent([said])[0]?.action).toEqual({ do: 'message', text: { en: 'Later' } });
  });
});
