/** @jsxImportSource preact */
// The first screen: who we are, when we answer, the visitor's matters, and where he begins another.
import { useEffect, useRef, useState } from 'preact/hooks';
import { Notice, back, shown } from './App';
import { Composer } from './Composer';
import { Icon } from './icons';
import {
  type Matter,
  type Wait,
  hours,
  language,
  matters,
  open,
  place,
  serverNow,
  unreadIn,
  wait,
} from './model';
import { fetchLogo } from './http';
import { type Talk, talk } from './session';
import { fill, words } from './words';

export function Home() {
  const w = words.value;
  const { title, greeting } = shown();
  const shut = !hours.value.open;
  const said = shut ? back() : waitWords(wait.value);
  const [text, setText] = useState('');
  const [part, setPart] = useState<Talk>();
  return (
    <>
      <div class="hero">
        <div class="brand">
          <Logo />
          <span>{title || w.title}</span>
          <button type="button" aria-label={w.close} onClick={() => (open.value = false)}>
            <Icon name="close" />
          </button>
        </div>
        <h2>{greeting || w.empty}</h2>
        {said && (
          <p class={shut ? 'shut' : undefined} role="status">
            <i />
            {said}
          </p>
        )}
      </div>
      <Notice />
      {matters.value.length > 0 && (
        <div class="body" tabIndex={0} role="region" aria-label={w.matters}>
          <h3>{w.matters}</h3>
          <ul>
            {matters.value.map((one) => (
              <li key={one.id}>
                <One matter={one} />
              </li>
            ))}
          </ul>
        </div>
      )}
      {part && <part.Perhaps text={text} />}
      <Composer
        of=""
        tall
        onText={(written) => {
          setText(written);
          void talk().then(setPart, () => undefined);
        }}
      />
    </>
  );
}

function One({ matter }: { matter: Matter }) {
  const w = words.value;
  const { text, from, at } = matter.last;
  const n = unreadIn.value[matter.id] ?? 0;
  const over = matter.state === 'done';
  const waits = matter.agent ? '' : waitWords(matter.wait);
  return (
    <button
      type="button"
      class={`matter${over ? ' over' : ''}`}
      onClick={() => (place.value = { at: 'case', of: matter.id })}
    >
      <span class="face" aria-hidden="true">
        {matter.agent ? matter.agent.slice(0, 1) : <Icon name={over ? 'sent' : 'chat'} />}
      </span>
      <span class="two">
        <b>{matter.title || text || matter.reference}</b>
        <span>{over ? w.done : waits || `${from === 'me' ? `${w.you}: ` : ''}${text}`}</span>
      </span>
      <span class="side">
        <time dateTime={at}>{brief(at)}</time>
        {n > 0 && (
          <span class="badge">
            <span class="hidden">{w.fresh} </span>
            {n}
          </span>
        )}
      </span>
    </button>
  );
}

/** The logo of the brand, drawn: pictures would need a word in the page's policy. */
function Logo() {
  const canvas = useRef<HTMLCanvasElement>(null);
  const { logo } = shown();
  useEffect(() => {
    if (logo && canvas.current) void draw(canvas.current, fetchLogo(logo)).catch(() => undefined);
  }, [logo]);
  return logo ? <canvas ref={canvas} width="0" height="56" aria-hidden="true" /> : null;
}

/** Draws a picture into a canvas that keeps its shape; a broken one leaves it empty. */
export async function draw(canvas: HTMLCanvasElement, from: Promise<Blob>): Promise<void> {
  const picture = await createImageBitmap(await from);
  const scale = Math.min(1, 720 / Math.max(picture.width, picture.height));
  canvas.width = Math.max(1, picture.width * scale);
  canvas.height = Math.max(1, picture.height * scale);
  canvas.getContext('2d')?.drawImage(picture, 0, 0, canvas.width, canvas.height);
  picture.close();
}

/** What to use instead of a chat that is out of order. */
export const instead = (now: Wait): string => (now.outage === 'email' ? words.value.outEmail : '');

/** The expected wait in words; empty when nothing honest is known. */
export function waitWords(now: Wait | null): string {
  if (!now) return '';
  if (now.outage != null) return `${words.value.out} ${instead(now)}`.trim();
  if (now.closed_until != null) return back({ open: false, opens_at: now.closed_until });
  const w = words.value;
  const n = now.band;
  const time = n === null ? '' : n < 2 ? w.inLess : n > 30 ? w.inMore : fill(w.in, { n });
  const before = now.before ? fill(w.before, { n: now.before }) : '';
  return [time, before].filter(Boolean).join(' · ');
}

function brief(at: string): string {
  const day = new Date(at);
  const today = serverNow().toDateString() === day.toDateString();
  return today
    ? day.toLocaleTimeString(language.value, { hour: 'numeric', minute: '2-digit' })
    : day.toLocaleDateString(language.value, { day: 'numeric', month: 'short' });
}
