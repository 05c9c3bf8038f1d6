// The line of script on the customer's page: keeps calls until the widget is there, then loads it.
declare const APP: string;
declare const FRAME: string;

type Call = [string, ...unknown[]];
export interface Stub {
  (...call: Call): void;
  q: Call[];
  base: string;
  key: string;
  language: string;
}

interface Page {
  Polyphony?: Stub;
  polyphonySettings?: { mode?: string; key?: string };
}

/** Puts the stub in place and fetches the widget when the page has time for it. */
export function load(base: string, key: string, language: string, mode?: string): void {
  const page = window as unknown as Page;
  if (page.Polyphony?.base) return;
  const q: Call[] = [...(page.Polyphony?.q ?? [])].map((call) => [...call] as Call);
  const stub = ((...call: Call) => void q.push(call)) as Stub;
  page.Polyphony = Object.assign(stub, { q, base, key, language });
  const part = (mode ?? page.polyphonySettings?.mode) === 'iframe' ? FRAME : APP;
  const begin = () => {
    void import(/* @vite-ignore */ `${base}widget/${part}`).then(
      (app: { start: (s: Stub) => void }) => app.start(stub),
    );
  };
  if ('requestIdleCallback' in window) requestIdleCallback(begin, { timeout: 2000 });
  else setTimeout(begin, 200);
}

export const here = (script: HTMLScriptElement): string => new URL('.', script.src).href;
