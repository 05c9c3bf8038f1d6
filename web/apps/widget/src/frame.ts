// The host's side of the frame: gives it room, passes calls in and events out, to one origin only.
interface Stub {
  (...call: [string, ...unknown[]]): void;
  q: [string, ...unknown[]][];
  base: string;
  key: string;
  language: string;
}
type Heard =
  | { t: 'here' }
  | { t: 'event'; name: string; detail: unknown }
  | { t: 'size'; open: boolean; side: string; width: number; height: number };

const CARRIED = /[#&]polyphony=[\w-]{22}/;

export function start(stub: Stub): void {
  if (!document.body) {
    addEventListener('DOMContentLoaded', () => start(stub));
    return;
  }
  const page = window as unknown as {
    Polyphony: unknown;
    polyphonySettings?: Record<string, unknown>;
  };
  const { origin } = new URL(stub.base);
  const frame = document.createElement('iframe');
  const listeners = new Map<string, ((told?: unknown) => void)[]>();
  const { hash } = location;
  if (CARRIED.test(hash))
    history.replaceState(
      history.state,
      '',
      location.pathname + location.search + hash.replace(CARRIED, '').replace(/^#$/, ''),
    );
  let ready = false;
  const say = (message: unknown): void => frame.contentWindow?.postMessage(message, origin);
  const api = (...call: [string, ...unknown[]]): void => {
    const [name, event, heard] = call;
    if (name === 'on') {
      const key = String(event);
      listeners.set(key, [...(listeners.get(key) ?? []), heard as () => void]);
      if (key === 'ready' && ready) (heard as () => void)();
    } else if (name === 'shutdown') frame.remove();
    else say({ t: 'call', call });
  };
  addEventListener('message', (event: MessageEvent<Heard>) => {
    if (event.origin !== origin || event.source !== frame.contentWindow) return;
    const heard = event.data;
    if (heard.t === 'size') fit(frame, heard);
    else if (heard.t === 'event') {
      if (heard.name === 'ready') {
        ready = true;
        page.Polyphony = api;
        for (const call of stub.q.splice(0)) api(...call);
      }
      for (const one of listeners.get(heard.name) ?? []) one(heard.detail);
    } else
      say({
        t: 'hello',
        language: stub.language,
        settings: page.polyphonySettings ?? {},
        host: {
          page: location.origin + location.pathname,
          lang: document.documentElement.lang,
          hash,
        },
      });
  });
  frame.title = 'Chat';
  frame.allow = 'clipboard-write';
  fit(frame, { open: false, side: 'right', width: 0, height: 0 });
  frame.src = `${stub.base}widget/frame?${new URLSearchParams({ key: stub.key, origin: location.origin })}`;
  document.body.append(frame);
}

/** Only the frame's own style is touched, by script: no policy forbids that, nothing moves. */
function fit(
  frame: HTMLIFrameElement,
  now: { open: boolean; side: string; width: number; height: number },
): void {
  const narrow = innerWidth <= 600;
  const { open } = now;
  const room: Record<string, string> = {
    position: 'fixed',
    border: '0',
    'z-index': '2147483000',
    'color-scheme': 'normal',
    background: 'transparent',
    inset: 'auto',
    bottom: open ? (narrow ? '0' : '20px') : '0',
    [now.side === 'left' ? 'left' : 'right']: open && !narrow ? '20px' : '0',
    width: open ? (narrow ? '100%' : '400px') : `${Math.ceil(now.width) + 44}px`,
    height: open
      ? narrow
        ? '100%'
        : 'min(680px, calc(100vh - 40px))'
      : `${Math.ceil(now.height) + 44}px`,
    'border-radius': open && !narrow ? '18px' : '0',
    'box-shadow': open && !narrow ? '0 12px 48px #0f172a38, 0 0 0 1px #0f172a1a' : 'none',
  };
  for (const [name, value] of Object.entries(room)) frame.style.setProperty(name, value);
}
