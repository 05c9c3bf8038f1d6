// packs/js/sdk.js: a page with Chatwoot's snippet works with only the script's address changed.
import { here, load } from './loader';

type Told = Record<string, unknown>;
interface Settings {
  locale?: string;
  useBrowserLanguage?: boolean;
  position?: string;
  hideMessageBubble?: boolean;
  darkMode?: string;
  launcherTitle?: string;
}
interface Person {
  name?: string;
  email?: string;
  identifier_hash?: string;
  [more: string]: unknown;
}
type Page = {
  Polyphony: (...call: unknown[]) => void;
  polyphonySettings?: Told;
  chatwootSettings?: Settings;
  chatwootSDK?: unknown;
  $chatwoot?: unknown;
};

const page = window as unknown as Page;
const script = document.currentScript as HTMLScriptElement;
const base = new URL('../../', here(script)).href;
const say = (...call: unknown[]): void => page.Polyphony(...call);
const tell = (name: string, detail?: unknown): boolean =>
  dispatchEvent(new CustomEvent(`chatwoot:${name}`, { detail }));

function run(given: { websiteToken: string; baseUrl?: string }): void {
  if (page.$chatwoot) return;
  const wish = page.chatwootSettings ?? {};
  const { position, darkMode, hideMessageBubble, launcherTitle } = wish;
  const language = wish.useBrowserLanguage ? navigator.language : (wish.locale ?? '');
  page.polyphonySettings = {
    ...(position ? { position } : {}),
    ...(darkMode ? { theme: darkMode } : {}),
    ...(launcherTitle ? { launcher: launcherTitle } : {}),
    ...(hideMessageBubble ? { hideLauncher: true } : {}),
    ...page.polyphonySettings,
  };
  load(base, given.websiteToken, language);
  let open = false;
  let told: Told = {};
  const describe = (now: Told): void => say('describe', (told = now));
  const chatwoot = {
    ...{ baseUrl: base, websiteToken: given.websiteToken, hasLoaded: false },
    ...{ isOpen: false, locale: language, hideMessageBubble: hideMessageBubble ?? false },
    toggle: (wanted?: string) => say((wanted ? wanted === 'open' : !open) ? 'open' : 'close'),
    toggleBubbleVisibility: (wanted: string) => say('launcher', wanted !== 'hide'),
    popoutChatWindow: () => say('open'),
    setUser: (id: string | number, person: Person = {}) => {
      const { name, email, identifier_hash: hash, ...more } = person;
      say('identify', { id: String(id), name, email, hash });
      if (Object.keys(more).length) describe({ ...told, ...more });
    },
    setCustomAttributes: (more: Told = {}) => describe({ ...told, ...more }),
    deleteCustomAttribute: (name: string) => {
      const { [name]: _, ...rest } = told;
      describe(rest);
    },
    setConversationCustomAttributes: (more: Told = {}) => describe({ ...told, ...more }),
    deleteConversationCustomAttribute: (name: string) => chatwoot.deleteCustomAttribute(name),
    setLabel: () => undefined,
    removeLabel: () => undefined,
    setLocale: (wanted: string) => say('setLocale', (chatwoot.locale = wanted)),
    setColorScheme: (wanted: string) => say('theme', wanted),
    reset: () => say('reset'),
  };
  page.$chatwoot = chatwoot;
  const turned = (now: boolean): void => {
    open = chatwoot.isOpen = now;
    tell(now ? 'opened' : 'closed');
  };
  say('on', 'open', () => turned(true));
  say('on', 'close', () => turned(false));
  say('on', 'started', () => tell('on-start-conversation'));
  say('on', 'message', (line: unknown) => tell('on-message', line));
  say('on', 'error', (why: unknown) => tell('error', why));
  say('on', 'ready', () => {
    chatwoot.hasLoaded = true;
    tell('ready');
  });
}

page.chatwootSDK = { run };
