/** @jsxImportSource preact */
// The launcher and the panel with its screens.
import { signal } from './state';
import type { ComponentChildren } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { addFiles } from './files';
import { Home } from './Home';
import { Icon } from './icons';
import {
  HOME,
  arriving,
  hours,
  language,
  link,
  look,
  matters,
  open,
  place,
  serverNow,
  session,
  trouble,
  unread,
  wish,
} from './model';
import { begin, looksOnly, talk, talkHere } from './session';
import { colours } from './style';
import { unreadWords, words } from './words';

const night = matchMedia('(prefers-color-scheme: dark)');
const dark = signal(night.matches);
night.addEventListener('change', () => (dark.value = night.matches));

/** The look as it is: what the page wishes goes before what the account says. */
export const shown = () => ({ ...look.value, ...wish.value });

export function App() {
  const launcher = useRef<HTMLButtonElement>(null);
  const was = useRef(false);
  const isOpen = open.value;
  useEffect(() => {
    if (was.current && !isOpen) launcher.current?.focus();
    was.current = isOpen;
    if (isOpen) void begin().catch(() => undefined);
  }, [isOpen]);
  const n = unread.value;
  const w = words.value;
  const { position, theme, color, launcher: label, hideLauncher, dir } = shown();
  const isDark = theme === 'dark' || (theme !== 'light' && dark.value);
  const name = isOpen ? w.close : label || w.open;
  return (
    <div
      class={`root ${position === 'left' ? 'left' : 'right'}${isOpen ? ' open' : ''}${isDark ? ' dark' : ''}`}
      lang={language.value}
      dir={dir === 'rtl' ? dir : 'ltr'}
      style={colours(color, isDark)}
    >
      {isOpen && <Panel />}
      {(!hideLauncher || isOpen) && (
        <button
          ref={launcher}
          class="launcher"
          aria-expanded={isOpen}
          aria-label={n && !isOpen ? `${name} (${unreadWords(n)})` : name}
          onClick={() => (open.value = !open.value)}
        >
          <Icon name={isOpen ? 'down' : 'chat'} />
          {label && !isOpen && label}
          {n > 0 && !isOpen && (
            <span class="badge" aria-hidden="true">
              {n > 99 ? '99+' : n}
            </span>
          )}
        </button>
      )}
    </div>
  );
}

function Panel() {
  const [over, setOver] = useState(false);
  const { at } = place.value;
  const compact = at === 'home' && !matters.value.length;
  const drags = (on: boolean) => (event: DragEvent) => {
    if (at === 'elsewhere' || !event.dataTransfer?.types.includes('Files')) return;
    event.preventDefault();
    setOver(on);
    if (event.type === 'drop') void addFiles([...event.dataTransfer.files]);
  };
  return (
    <section
      class={`panel${compact ? ' compact' : ''}${over ? ' drop' : ''}`}
      role="dialog"
      aria-label={shown().title || words.value.title}
      tabIndex={-1}
      inert={looksOnly()}
      onDragOver={drags(true)}
      onDragLeave={drags(false)}
      onDrop={drags(false)}
      onKeyDown={(event) => {
        if (event.key !== 'Escape') return;
        if (at === 'elsewhere')
          place.value = { ...place.value, at: place.value.of ? 'case' : 'home' };
        else open.value = false;
      }}
    >
      {at === 'home' ? <Home /> : <Talk />}
    </section>
  );
}

/** What is fetched when it is needed; a way back stands there meanwhile. */
function Talk() {
  const [part, setPart] = useState(talkHere);
  useEffect(() => {
    let wanted = true;
    const fetch = () =>
      talk().then(
        (found) => wanted && setPart(found),
        () => wanted && setTimeout(fetch, 2000),
      );
    void fetch();
    return () => (wanted = false);
  }, []);
  if (part) return place.value.at === 'case' ? <part.Case /> : <part.Elsewhere />;
  return (
    <Bar back={() => (place.value = HOME)}>
      <p role="status">{words.value.connecting}</p>
    </Bar>
  );
}

/** The narrow head of every screen but the first. */
export function Bar({ back, children }: { back: () => void; children: ComponentChildren }) {
  const w = words.value;
  return (
    <div class="bar">
      <button type="button" aria-label={w.back} onClick={back}>
        <Icon name="back" turns />
      </button>
      {children}
      <button type="button" aria-label={w.close} onClick={() => (open.value = false)}>
        <Icon name="close" />
      </button>
    </div>
  );
}

/** What stands in the way of talking, if anything does. */
export function Notice() {
  const w = words.value;
  if (trouble.value && trouble.value !== 'offline' && !session.value)
    return (
      <p class="note" role="alert">
        {trouble.value === 'chat.proof_needed' ? w.refused : w.trouble}{' '}
        <button type="button" onClick={() => void begin().catch(() => undefined)}>
          {w.again}
        </button>
      </p>
    );
  if (arriving.value)
    return (
      <p class="note" role="status">
        {w.taking}
      </p>
    );
  if (link.value === 'offline' || trouble.value === 'offline')
    return (
      <p class="note" role="status">
        {w.offline}
      </p>
    );
  return link.value === 'connecting' ? (
    <p class="hidden" role="status">
      {w.connecting}
    </p>
  ) : null;
}

/** When we are there again, in words; empty while we are open or nobody knows. */
export function back({ open: isOpen, opens_at } = hours.value): string {
  if (isOpen) return '';
  const w = words.value;
  if (!opens_at) return w.closed;
  const at = new Date(opens_at);
  const days = Math.round(
    (+new Date(at).setHours(0, 0, 0, 0) - serverNow().setHours(0, 0, 0, 0)) / 864e5,
  );
  const time = at.toLocaleTimeString(language.value, { hour: 'numeric', minute: '2-digit' });
  if (!days) return `${w.closed} ${w.backAt.replace('{time}', time)}`;
  const day =
    days === 1
      ? new Intl.RelativeTimeFormat(language.value, { numeric: 'auto' }).format(1, 'day')
      : at.toLocaleDateString(
          language.value,
          language.value === 'en' ? { weekday: 'long' } : { day: 'numeric', month: 'numeric' },
        );
  return `${w.closed} ${w.backOn.replace('{day}', day).replace('{time}', time)}`;
}
