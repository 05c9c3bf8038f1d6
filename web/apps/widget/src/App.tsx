/** @jsxImportSource preact */
// The launcher and the panel.
import { useEffect, useRef } from 'preact/hooks';
import { Composer } from './Composer';
import { Lines } from './Lines';
import { Mail } from './Mail';
import { Icon } from './icons';
import { agent, hours, language, link, look, open, session, trouble, unread } from './model';
import { begin } from './session';
import { colours } from './style';
import { fill, unreadWords, words } from './words';

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
  const side = look.value.position === 'left' ? 'left' : 'right';
  const name = isOpen ? w.close : n ? `${w.open} (${unreadWords(n)})` : w.open;
  return (
    <div
      class={`root ${side}${isOpen ? ' open' : ''}`}
      lang={language.value}
      style={colours(look.value.color)}
    >
      {isOpen && <Panel />}
      <button
        ref={launcher}
        class="launcher"
        aria-expanded={isOpen}
        aria-label={name}
        onClick={() => (open.value = !open.value)}
      >
        <Icon name={isOpen ? 'close' : 'chat'} />
        {n > 0 && !isOpen && (
          <span class="badge" aria-hidden="true">
            {n > 99 ? '99+' : n}
          </span>
        )}
      </button>
    </div>
  );
}

function Panel() {
  const w = words.value;
  const title = look.value.title || w.title;
  return (
    <section
      class="panel"
      role="dialog"
      aria-label={title}
      onKeyDown={(event) => {
        if (event.key === 'Escape') open.value = false;
      }}
    >
      <header>
        <div>
          <h2>{title}</h2>
          {agent.value && <p>{agent.value}</p>}
        </div>
        <button type="button" aria-label={w.close} onClick={() => (open.value = false)}>
          <Icon name="close" />
        </button>
      </header>
      <Notice />
      <Lines />
      <Mail />
      <Composer />
    </section>
  );
}

function Notice() {
  const w = words.value;
  if (trouble.value && !session.value)
    return (
      <p class="note" role="alert">
        {trouble.value === 'chat.proof_needed' ? w.refused : w.trouble}{' '}
        <button type="button" onClick={() => void begin().catch(() => undefined)}>
          {w.again}
        </button>
      </p>
    );
  if (link.value === 'offline')
    return (
      <p class="note" role="status">
        {w.offline}
      </p>
    );
  if (session.value && !hours.value.open)
    return (
      <p class="note" role="status">
        {hours.value.opens_at ? fill(w.opens, { when: when(hours.value.opens_at) }) : w.closed}
      </p>
    );
  return link.value === 'connecting' ? (
    <p class="hidden" role="status">
      {w.connecting}
    </p>
  ) : null;
}

function when(at: string): string {
  return new Date(at).toLocaleString(language.value, {
    weekday: 'long',
    hour: '2-digit',
    minute: '2-digit',
  });
}
