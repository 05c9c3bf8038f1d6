// The widget inside its own frame: it speaks with exactly one page, the one that was let in.
import { moment, watch } from './state';
import { type Host, type Settings, type Stub, start } from './main';
import { open, wish, look } from './model';

interface Hello {
  t: 'hello';
  base: string;
  language: string;
  settings: Settings;
  host: Host;
}
type Heard = Hello | { t: 'call'; call: [string, ...unknown[]] };

const asked = new URLSearchParams(location.search);
const origin = asked.get('origin') ?? '';
const told = (message: unknown): void => parent.postMessage(message, origin);
const page = window as unknown as { Polyphony?: (...call: [string, ...unknown[]]) => void };
let begun = false;

addEventListener('message', (event: MessageEvent<Heard>) => {
  if (event.origin !== origin || event.source !== parent) return;
  const heard = event.data;
  if (heard.t === 'call' && heard.call[0] !== 'on') page.Polyphony?.(...heard.call);
  if (heard.t !== 'hello' || begun) return;
  begun = true;
  const names = ['ready', 'open', 'close', 'message', 'unread', 'started', 'error'];
  const q = names.map((name): [string, ...unknown[]] => [
    'on',
    name,
    (detail: unknown) => {
      soon();
      told({ t: 'event', name, detail });
    },
  ]);
  const stub: Stub = Object.assign((...call: [string, ...unknown[]]) => void q.push(call), {
    q,
    base: new URL('/', location.href).href,
    key: asked.get('key') ?? '',
    language: heard.language,
  });
  page.Polyphony = stub;
  start(stub, heard.settings, heard.host);
});

/** The host gives the frame the room the launcher or the panel needs. */
let last = '';
function measure(): void {
  const root = document.querySelector('polyphony-chat')?.shadowRoot;
  const box = root?.querySelector('.launcher')?.getBoundingClientRect();
  const side = (wish.value.position ?? look.value.position) === 'left' ? 'left' : 'right';
  const size = {
    t: 'size',
    open: open.value,
    side,
    width: box?.width ?? 0,
    height: box?.height ?? 0,
  };
  if (JSON.stringify(size) === last) return;
  last = JSON.stringify(size);
  told(size);
}
const soon = (): unknown => requestAnimationFrame(measure);
watch(moment, soon);
told({ t: 'here' });
