// The form of a widget: what it keeps, what it sends, what it warns about.
import { describe, expect, it } from 'vitest';
import { bodyOf, contrasts, draftOf, lookOf, snippets, wrongOrigins } from './widgetDraft';

const row = {
  id: 'a',
  kind: 'chat',
  name: 'Web',
  address: 'pk_1',
  state: 'working',
  department_id: 'd',
  settings: { title: 'Lumen', origins: ['https://a.example'], messages_per_minute: 5 },
} as unknown as Parameters<typeof draftOf>[0];

describe('the form of a widget', () => {
  it('sends back what it did not touch, and drops what was emptied', () => {
    const draft = { ...draftOf(row), title: '', color: '#112233' };
    expect(bodyOf(row, draft)).toEqual({
      brand_id: null,
      settings: {
        color: '#112233',
        enforce: 'off',
        messages_per_minute: 5,
        origins: ['https://a.example'],
        position: 'right',
        theme: 'auto',
        trust_email: false,
      },
    });
  });

  it('sends a secret only when one was typed', () => {
    const typed = { ...draftOf(row), hmac_secret: 'x'.repeat(32) };
    expect(bodyOf(row, typed)).toMatchObject({ secrets: { hmac_secret: 'x'.repeat(32) } });
  });

  it('knows what is no origin', () => {
    const text =
      'https://a.example\nhttps://b.example/\n\nhttps://c.example/x\nd.example\nhttp://e:81';
    expect(wrongOrigins(text)).toEqual(['https://c.example/x', 'd.example']);
  });

  it('judges a colour as the widget does', () => {
    expect(contrasts('#000000')).toEqual({ white: 21, black: 1 });
    const amber = contrasts('#f59e0b')!;
    expect(amber.black).toBeGreaterThan(amber.white);
    expect(contrasts('red')).toBeUndefined();
  });

  it('leaves to the brand what is empty', () => {
    expect(lookOf({ ...draftOf(row), title: '' })).toEqual({ position: 'right', theme: 'auto' });
  });

  it('names this server everywhere', () => {
    const all = snippets('https://desk.example', 'pk_1');
    expect(all.every((one) => one.text.includes('https://desk.example'))).toBe(true);
    expect(all.find((one) => one.id === 'csp')?.text).toContain('wss://desk.example');
  });
});
