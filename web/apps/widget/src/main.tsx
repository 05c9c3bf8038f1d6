/** @jsxImportSource preact */
// The widget starts: one shadow root, the calls that waited, and an earlier session if there is one.
import { moment, watch } from './state';
import { render } from 'preact';
import { App } from './App';
import { setBase, setLanguage } from './http';
import {
  HOME,
  arriving,
  language,
  lines,
  matters,
  open,
  place,
  trouble,
  unread,
  wish,
} from './model';
import {
  type Visitor,
  begin,
  comeBack,
  configure,
  describe,
  fetchLook,
  identify,
  known,
  leave,
} from './session';
import { adopt, dress } from './sheet';
import { remember, scopeStorage } from './storage';
import { css } from './style';
import { type Words, chooseLanguage, speak, tune } from './words';

type Call = [string, ...unknown[]];
export interface Stub {
  (...call: Call): void;
  q?: Call[];
  base?: string;
  key?: string;
  language?: string;
}

export interface Settings {
  key?: string;
  user?: Visitor;
  token?: string;
  language?: string;
  title?: string;
  greeting?: string;
  position?: string;
  theme?: string;
  color?: string;
  launcher?: string;
  hideLauncher?: boolean;
  dir?: string;
  attributes?: Record<string, unknown>;
  texts?: Partial<Words>;
  /** Shown to whoever sets it up: it looks as it will and says nothing to anybody. */
  preview?: boolean;
}

/** What differs where we live in a frame: who our page is, its language, its link. */
export interface Host {
  page: string;
  lang: string;
  hash: string;
}

type Api = ((name: string, ...rest: unknown[]) => void) & { base?: string };
const SHOWN = [
  ...(['title', 'greeting', 'position', 'theme', 'color', 'launcher'] as const),
  ...(['hideLauncher', 'dir'] as const),
];
const CARRIED = /[#&]polyphony=([\w-]{22})/;
let ready = false;
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

/** Tries again, patiently, what a failing network prevented. */
async function patiently(act: () => Promise<void>): Promise<void> {
  for (let wait = 1000; ; wait = Math.min(wait * 2, 60_000)) {
    try {
      return await act();
    } catch (error) {
      if (error instanceof Error && 'problem' in error) throw error;
      if (wait === 1000)
        console.warn(
          'Polyphony: this page may not show the chat (its origin is not listed), or the desk is away.',
          error,
        );
      await new Promise((done) => setTimeout(done, wait));
    }
  }
}

/** Takes the link to our chats out of the address before anybody else reads it. */
function carried(host?: Host): string | undefined {
  const found = CARRIED.exec(host?.hash ?? location.hash)?.[1];
  if (found && !host) {
    const rest = location.hash.replace(CARRIED, '').replace(/^#$/, '');
    history.replaceState(history.state, '', location.pathname + location.search + rest);
  }
  return found;
}

export function start(stub: Stub, given?: Settings, host?: Host): void {
  const page = window as unknown as { Polyphony?: Api; polyphonySettings?: Settings };
  const settings = given ?? page.polyphonySettings ?? {};
  const key = stub.key || settings.key || '';
  const go = () =>
    void appear(stub, settings, key, host)
      .then((api) => {
        page.Polyphony = api;
        for (const call of (stub.q ?? []).splice(0)) api(...call);
        ready = true;
        tell('ready');
      })
      .catch((error: unknown) => {
        for (const call of stub.q ?? [])
          if (call[0] === 'on' && call[1] === 'error') (call[2] as (why: unknown) => void)(error);
        console.warn('Polyphony: this page may not show the chat.', error);
      });
  if (!key) return;
  if (document.body) go();
  else addEventListener('DOMContentLoaded', go);
}

async function appear(stub: Stub, settings: Settings, key: string, host?: Host): Promise<Api> {
  scopeStorage(key);
  setBase(stub.base ?? '');
  const link = carried(host);
  const { user, token, attributes, preview } = settings;
  configure({ key, user, token, attributes, link, page: host?.page, preview });
  for (const name of SHOWN)
    if (settings[name] !== undefined) wish.value = { ...wish.value, [name]: settings[name] };
  tune(settings.texts);
  watch(() => language.value, setLanguage);
  const lang = host?.lang ?? document.documentElement.lang;
  const chosen = chooseLanguage(settings.language, stub.language, lang, navigator.language);
  await Promise.all([patiently(() => speak(chosen)), patiently(fetchLook)]);
  const element = document.createElement('polyphony-chat');
  const root = element.attachShadow({ mode: 'open' });
  adopt(css);
  dress(root);
  document.body.append(element);
  const stop = watch(moment, () => render(<App />, root));
  report();
  if (arriving.value) open.value = true;
  else if (known()) comeBack();
  if (known()) void begin().catch(() => undefined);
  return commands(() => {
    stop();
    render(null, root);
    element.remove();
  });
}

/** Tells the page what happens, from now on. */
function report(): void {
  const later = <T,>(read: () => T, act: (now: T, was: T) => void): void => {
    let was = read();
    watch(read, (now) => {
      if (now !== was) act(now, was);
      was = now;
    });
  };
  later(
    () => open.value,
    (now) => tell(now ? 'open' : 'close'),
  );
  watch(
    () => unread.value,
    (now) => tell('unread', now),
  );
  later(
    () => lines.value.length,
    (now, was) => now > was && tell('message', lines.value.at(-1)),
  );
  later(
    () => matters.value.length,
    (now, was) => now > was && tell('started'),
  );
  later(
    () => trouble.value,
    (now) => now && tell('error', now),
  );
}

function commands(gone: () => void): Api {
  const quietly = (work: Promise<unknown>): void => void work.catch(() => undefined);
  const all: Record<string, (...given: never[]) => void> = {
    boot: () => quietly(begin()),
    identify: (user?: Visitor, token?: string) => quietly(identify(user, token)),
    describe: (attributes: Record<string, unknown>) => quietly(describe(attributes)),
    open: (of?: string) => {
      if (of) place.value = { at: 'case', of };
      open.value = true;
    },
    close: () => (open.value = false),
    toggle: () => (open.value = !open.value),
    launcher: (on: boolean) => (wish.value = { ...wish.value, hideLauncher: !on }),
    wish: (wanted: typeof wish.value) => (wish.value = wanted),
    theme: (theme: string) => (wish.value = { ...wish.value, theme }),
    setLocale: (wanted: string) => quietly(speak(chooseLanguage(String(wanted)))),
    startCase: (text?: string) => {
      remember('draft', String(text ?? '') || null);
      place.value = HOME;
      open.value = true;
    },
    on: (event: string, heard: (told?: unknown) => void) => {
      listeners.set(event, [...(listeners.get(event) ?? []), heard]);
      if (event === 'ready' && ready) heard();
      if (event === 'unread') heard(unread.value);
    },
    reset: () => quietly(leave()),
    shutdown: gone,
  };
  return (name, ...rest) => all[name]?.(...(rest as never[]));
}
