// The service worker of this page: registered when the page is at rest, asked to take over on a reload.

const REST_MS = 4_000;

interface TrustedTypes {
  createPolicy: (
    name: string,
    rules: { createScriptURL: (url: string) => string },
  ) => { createScriptURL: (url: string) => string };
}

/** The page's policy trusts addresses of scripts only through a named policy; this one knows one. */
function trusted(): string {
  const types = (window as { trustedTypes?: TrustedTypes }).trustedTypes;
  const url = '/sw.js';
  if (!types) return url;
  return types
    .createPolicy('polyphony-worker', { createScriptURL: (given) => (given === url ? url : '') })
    .createScriptURL(url);
}

export function startWorker(): void {
  if (!('serviceWorker' in navigator) || !window.isSecureContext || import.meta.env.DEV) return;
  navigator.serviceWorker.addEventListener('message', (event: MessageEvent<{ go?: string }>) => {
    if (event.data.go?.startsWith('#/')) location.hash = event.data.go;
  });
  setTimeout(() => {
    navigator.serviceWorker.register(trusted(), { updateViaCache: 'none' }).catch(() => undefined); // a private window, a full disk: the page works without
  }, REST_MS);
}

/** Reloads into the newest version; what is being written is kept as a draft. */
export async function reloadFresh(): Promise<void> {
  const worker = await navigator.serviceWorker?.getRegistration().catch(() => undefined);
  worker?.waiting?.postMessage('take over');
  location.reload();
}
