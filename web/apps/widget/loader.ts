// The line of script on the customer's page: keeps calls until the widget is there, then loads it.
declare const WIDGET_VERSION: string;

type Call = [string, ...unknown[]];
interface Stub {
  (...call: Call): void;
  q?: Call[];
  base?: string;
  key?: string;
  language?: string;
}

(() => {
  const page = window as unknown as { Polyphony?: Stub };
  const script = document.currentScript as HTMLScriptElement | null;
  if (!script || page.Polyphony?.base) return;
  const waiting: Call[] = page.Polyphony?.q ?? [];
  const stub: Stub = (...call) => {
    waiting.push(call);
  };
  stub.q = waiting;
  stub.base = new URL('.', script.src).href;
  stub.key = script.dataset['key'] ?? '';
  stub.language = script.dataset['language'] ?? '';
  page.Polyphony = stub;
  const load = () => {
    const app = document.createElement('script');
    app.src = `${stub.base}widget/app.js?v=${WIDGET_VERSION}`;
    app.async = true;
    if (script.nonce) app.nonce = script.nonce;
    document.head.append(app);
  };
  if ('requestIdleCallback' in window) requestIdleCallback(load, { timeout: 2000 });
  else setTimeout(load, 200);
})();
