// What is set up of a widget, as a form holds it; what of it is sent, shown and warned about.

import type { AccountRow } from './ChannelDialog';

export interface Draft {
  title: string;
  greeting: string;
  launcher: string;
  color: string;
  position: string;
  theme: string;
  brand: string;
  origins: string;
  enforce: string;
  trust_email: boolean;
  public_key: string;
  hmac_secret: string;
  former_key: string;
}

type Kept = Record<string, unknown>;
const word = (kept: Kept, name: string, other = ''): string =>
  typeof kept[name] === 'string' ? kept[name] : other;

export function draftOf(row: AccountRow & { brand_id?: string | null }): Draft {
  const kept: Kept = row.settings ?? {};
  return {
    title: word(kept, 'title'),
    greeting: word(kept, 'greeting'),
    launcher: word(kept, 'launcher'),
    color: word(kept, 'color'),
    position: word(kept, 'position', 'right'),
    theme: word(kept, 'theme', 'auto'),
    brand: row.brand_id ?? '',
    origins: (Array.isArray(kept.origins) ? kept.origins : []).map(String).join('\n'),
    enforce: word(kept, 'enforce', 'off'),
    trust_email: kept.trust_email === true,
    public_key: word(kept, 'public_key'),
    hmac_secret: '',
    former_key: word(kept, 'former_key'),
  };
}

const lines = (text: string): string[] =>
  text
    .split('\n')
    .map((one) => one.trim().replace(/\/$/, ''))
    .filter(Boolean);

/** Settings replace the old ones as a whole: what this form does not know stays as it was. */
export function bodyOf(row: AccountRow, draft: Draft): Record<string, unknown> {
  const { brand, origins, hmac_secret, trust_email, ...texts } = draft;
  const settings: Kept = { ...row.settings, ...texts, trust_email, origins: lines(origins) };
  for (const [name, value] of Object.entries(settings)) if (value === '') delete settings[name];
  return {
    settings,
    brand_id: brand || null,
    ...(hmac_secret ? { secrets: { hmac_secret } } : {}),
  };
}

/** Addresses that are no origins: scheme, host, port if there is one, nothing more. */
export const wrongOrigins = (text: string): string[] =>
  lines(text).filter((one) => {
    try {
      return new URL(one).origin !== one;
    } catch {
      return true;
    }
  });

/** How well white and black can be read on a colour (WCAG contrast, 1 to 21). */
export function contrasts(colour: string): { white: number; black: number } | undefined {
  if (!/^#[0-9a-f]{6}$/i.test(colour)) return undefined;
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => {
    const part = parseInt(colour.slice(at, at + 2), 16) / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  const light = 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  return { white: 1.05 / (light + 0.05), black: (light + 0.05) / 0.05 };
}

/** What the preview shows; what is empty is left to the brand and to our own words. */
export function lookOf(draft: Draft): Record<string, string> {
  const { title, greeting, launcher, color, position, theme } = draft;
  const all = { title, greeting, launcher, color, position, theme };
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== ''));
}

/** The ways to put the widget on a page, and what its security policy must then allow. */
export function snippets(base: string, key: string): { id: string; text: string }[] {
  const socket = base.replace(/^http/, 'ws');
  return [
    { id: 'line', text: `<script async src="${base}/w.js" data-key="${key}"></script>` },
    {
      id: 'frame',
      text: `<script async src="${base}/w.js" data-key="${key}" data-mode="iframe"></script>`,
    },
    { id: 'former', text: `var BASE_URL="${base}";` },
    { id: 'csp', text: `script-src ${base}; connect-src ${base} ${socket}` },
    { id: 'csp_frame', text: `script-src ${base}; frame-src ${base}` },
  ];
}
