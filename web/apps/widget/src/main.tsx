/** @jsxImportSource preact */
// The widget starts: one shadow root, the calls that waited, and an earlier session if there is one.
import { effect } from '@preact/signals';
import { render } from 'preact';
import { App } from './App';
import { setBase, setLanguage } from './http';
import { language, lines, open, unread } from './model';
import { startReceipts } from './receipts';
import { type Visitor, begin, configure, identify, known, leave } from './session';
import { remember, scopeStorage } from './storage';
import { css } from './style';
import { chooseLanguage, speak } from './words';

interface Api {
  (name: string, ...rest: unknown[]): void;
  q?: [string, ...unknown[]][];
  base?: string;
  key?: string;
  language?: string;
}

interface Settings {
  user?: Visitor;
  token?: string;
  language?: string;
}

const page = window as unknown as { Polyphony?: Api; polyphonySettings?: Settings };
const stub = page.Polyphony;
const settings = page.polyphonySettings ?? {};
const listeners = new Map<string, ((told?: unknown) => void)[]>();

function tell(event: string, told?: unknown): void {
  for (const one of listeners.get(event) ?? []) {
    try {
      one(told);
    } catch (error) {
      reportError(error);
    }
  }
}

/** Speaks the language of the page; a failing network is tried again, patiently. */
async function learn(wish: string): Promise<void> {
  for (let wait = 1000; ; wait = Math.min(wait * 2, 60_000)) {
    try {
      await speak(wish);
      return;
    } catch {
      await new Promise((done) => setTimeout(done, wait));
    }
  }
}

async function start(key: string, base: string): Promise<void> {
  scopeStorage(key);
  setBase(base);
  configure(key, settings.user, settings.token);
  effect(() => setLanguage(language.value));
  const { lang } = document.documentElement;
  await learn(chooseLanguage(settings.language, stub?.language, lang, navigator.language));
  const host = document.createElement('polyphony-chat');
  const root = host.attachShadow({ mode: 'open' });
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(css);
  root.adoptedStyleSheets = [sheet];
  document.body.append(host);
  render(<App />, root);
  startReceipts();
  effect(() => tell(open.value ? 'open' : 'close'));
  effect(() => tell('unread', unread.value));
  let count = 0;
  effect(() => {
    if (lines.value.length > count) tell('message', lines.value.at(-1));
    count = lines.value.length;
  });
  if (known()) void begin().catch(() => undefined);

  const commands: Record<string, (...given: unknown[]) => void> = {
    boot: () => void begin().catch(() => undefined),
    identify: (user, token) => {
      void identify(user as Visitor | undefined, token as string | undefined).catch(
        () => undefined,
      );
    },
    open: () => (open.value = true),
    close: () => (open.value = false),
    setLocale: (wish) => void learn(chooseLanguage(String(wish))),
    startCase: (text) => {
      remember('draft', String(text ?? ''));
      open.value = true;
    },
    on: (event, heard) => {
      const name = String(event);
      listeners.set(name, [...(listeners.get(name) ?? []), heard as () => void]);
      if (name === 'ready') (heard as () => void)();
    },
    reset: () => void leave(),
    shutdown: () => {
      render(null, root);
      host.remove();
    },
  };
  const api: Api = (name, ...rest) => commands[name]?.(...rest);
  if (stub?.base) api.base = stub.base;
  page.Polyphony = api;
  for (const [name, ...rest] of stub?.q ?? []) api(name, ...rest);
  tell('ready');
}

if (stub?.key && stub.base) {
  const { key, base } = stub;
  if (document.body) void start(key, base);
  else addEventListener('DOMContentLoaded', () => void start(key, base));
}
