/** @jsxImportSource preact */
// The list of lines, newest below, with days, ticks and files.
import type { ComponentChildren } from 'preact';
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import { draw } from './Home';
import { call, fetchFile } from './http';
import { Icon } from './icons';
import {
  type FileOf,
  type Line,
  begins,
  caseOf,
  here,
  language,
  lines,
  merge,
  open,
  serverNow,
  typing,
} from './model';
import { discard, retry } from './outbox';
import { watchReading } from './receipts';
import { type Words, fill, words } from './words';

const PAGE = 100;
const NEAR_MS = 300_000;
/** Cases whose beginning is known here. */
const whole = new Set<string>();

export function Lines({ of, children }: { of: string; children: ComponentChildren }) {
  const list = useRef<HTMLDivElement>(null);
  const below = useRef(true);
  useEffect(
    () => (list.current ? watchReading(list.current, of, () => open.value) : undefined),
    [of],
  );
  useEffect(() => {
    const box = list.current;
    if (!box) return undefined;
    const stay = () => below.current && (box.scrollTop = box.scrollHeight);
    const grows = new MutationObserver(stay);
    grows.observe(box, { childList: true, subtree: true, attributes: true });
    return () => grows.disconnect();
  }, []);
  const w = words.value;
  const mine = lines.value.filter((one) => caseOf(one) === of);
  const types = typing.value[of];
  useLayoutEffect(() => {
    const box = list.current;
    if (box && (below.current || mine.at(-1)?.state === 'queued')) box.scrollTop = box.scrollHeight;
  }, [mine.length, types, here.value]);
  const scrolled = () => {
    const box = list.current;
    if (box) below.current = box.scrollHeight - box.scrollTop - box.clientHeight < 60;
  };
  return (
    <div
      ref={list}
      class="log"
      role="log"
      aria-live="polite"
      aria-label={w.log}
      tabIndex={0}
      onScroll={scrolled}
    >
      <Older of={of} first={mine[0]} />
      {mine.map((one, at) => (
        <One key={one.cid ?? one.id} line={one} before={mine[at - 1]} after={mine[at + 1]} />
      ))}
      {types && (
        <div class="line new">
          <span class="hidden">{`${here.value?.agent || w.someone} ${w.typing}`}</span>
          <span class="dots" aria-hidden="true">
            <i />
            <i />
            <i />
          </span>
        </div>
      )}
      {children}
    </div>
  );
}

/** Fetches what was said before, page by page. */
function Older({ of, first }: { of: string; first: Line | undefined }) {
  const [busy, setBusy] = useState(false);
  const fetch = async () => {
    setBusy(true);
    try {
      const before = first?.position ? `&before=${first.position}` : '';
      const found = await call<{ messages: Line[] }>('GET', `messages?case=${of}${before}`);
      if (found.messages.length < PAGE) whole.add(of);
      merge(found.messages);
    } finally {
      setBusy(false);
    }
  };
  const partly = !whole.has(of) && !begins(of) && lines.value.length >= PAGE;
  useEffect(() => {
    if (partly && !first) void fetch().catch(() => undefined);
  }, [of]);
  if (!partly) return null;
  return (
    <div class="line system">
      <button
        type="button"
        class="plain"
        disabled={busy}
        onClick={() => void fetch().catch(() => undefined)}
      >
        {words.value.older}
      </button>
    </div>
  );
}

function One({
  line,
  before,
  after,
}: {
  line: Line;
  before?: Line | undefined;
  after?: Line | undefined;
}) {
  const w = words.value;
  const day = new Date(line.at).toDateString();
  const another = day !== new Date(before?.at ?? 0).toDateString();
  const first = another || !near(before, line);
  const shift = another && (before !== undefined || day !== serverNow().toDateString());
  const separator = shift && <div class="day">{dayName(line.at)}</div>;
  if (line.from === 'system')
    return (
      <>
        {separator}
        <System line={line} />
      </>
    );
  return (
    <>
      {separator}
      <div
        class={`line ${line.from}${first ? ' new' : ''} ${line.state}`}
        data-position={line.from === 'agent' ? line.position : undefined}
      >
        {line.from === 'agent' && first && <b>{line.name || w.someone}</b>}
        {line.text && <p dir="auto">{linked(line.text)}</p>}
        {line.files.map((file) => (
          <Attached key={file.id} file={file} here={line.position !== undefined} />
        ))}
        <Foot line={line} last={!near(line, after)} />
      </div>
    </>
  );
}

const near = (a: Line | undefined, b: Line | undefined): boolean =>
  !!a &&
  !!b &&
  a.from === b.from &&
  a.name === b.name &&
  Math.abs(+new Date(b.at) - +new Date(a.at)) < NEAR_MS;

function System({ line }: { line: Line }) {
  const w = words.value;
  const name = line.name ?? '';
  const known = line.code && line.code in w ? (w[line.code as keyof Words] as string) : line.text;
  const joined = line.code === 'chat.joined';
  return (
    <div class={`line system${joined ? ' joined' : ''}`}>
      <p>
        {joined && (
          <span class="face" aria-hidden="true">
            {name.slice(0, 1)}
          </span>
        )}
        {fill(known, { name })}
      </p>
    </div>
  );
}

function Foot({ line, last }: { line: Line; last: boolean }) {
  const w = words.value;
  const { cid, state } = line;
  const mine = line.from === 'me';
  const troubled = state === 'failed' || state === 'queued';
  if (!last && !troubled) return mine ? <Tick state={state} quiet /> : null;
  return (
    <div class="foot">
      {state === 'failed' && cid && (
        <>
          <span class="bad">{w.failed}</span>
          <button type="button" onClick={() => retry(cid)}>
            {w.again}
          </button>
          <button type="button" onClick={() => discard(cid)}>
            {w.discard}
          </button>
        </>
      )}
      <time dateTime={line.at}>
        {new Date(line.at).toLocaleTimeString(language.value, {
          hour: 'numeric',
          minute: '2-digit',
        })}
      </time>
      {mine && <Tick state={state} />}
    </div>
  );
}

/** A tick is told to screen readers always and drawn under the last line of a stretch. */
function Tick({ state, quiet }: { state: Line['state']; quiet?: boolean }) {
  return (
    <span class={`tick ${state}${quiet ? ' hidden' : ''}`}>
      {!quiet && <Icon name={state} />}
      <span class="hidden">{words.value[state]}</span>
    </span>
  );
}

function Attached({ file, here: sent }: { file: FileOf; here: boolean }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const [failed, setFailed] = useState(false);
  const photo = sent && !failed && /^image\/(png|jpe?g|gif|webp|avif)$/.test(file.media_type);
  useEffect(() => {
    if (photo && file.size < 8e6 && canvas.current)
      draw(canvas.current, fetchFile(file.id)).catch(() => setFailed(true));
  }, [photo, file.id]);
  const name = `${file.name} (${size(file.size)})`;
  if (!sent)
    return (
      <span class="file">
        <Icon name="clip" />
        {file.name}
      </span>
    );
  return (
    <button
      type="button"
      class={photo ? 'photo' : 'file'}
      aria-label={name}
      onClick={() => void download(file).catch(() => undefined)}
    >
      {photo ? (
        <canvas ref={canvas} width="160" height="120" aria-hidden="true" />
      ) : (
        <>
          <Icon name="clip" />
          {name}
        </>
      )}
    </button>
  );
}

async function download(file: FileOf): Promise<void> {
  const place = URL.createObjectURL(await fetchFile(file.id));
  const anchor = document.createElement('a');
  anchor.href = place;
  anchor.download = file.name;
  anchor.click();
  setTimeout(() => URL.revokeObjectURL(place), 60_000);
}

function size(bytes: number): string {
  const unit = bytes < 1_000_000 ? 'kilobyte' : 'megabyte';
  const value = Math.max(0.1, bytes / (unit === 'kilobyte' ? 1000 : 1_000_000));
  return new Intl.NumberFormat(language.value, {
    style: 'unit',
    unit,
    maximumFractionDigits: value < 10 ? 1 : 0,
  }).format(value);
}

function dayName(at: string): string {
  const day = new Date(at);
  const away = Math.round((+day.setHours(0, 0, 0, 0) - serverNow().setHours(0, 0, 0, 0)) / 864e5);
  const words = new Intl.RelativeTimeFormat(language.value, { numeric: 'auto' });
  return away > -2
    ? words.format(away, 'day')
    : day.toLocaleDateString(language.value, { weekday: 'long', day: 'numeric', month: 'long' });
}

/** Web addresses become links; nothing else of the text is taken for more than text. */
function linked(text: string) {
  return text.split(/(https?:\/\/[^\s<>"]+)/).map((part, at) =>
    at % 2 ? (
      <a key={at} href={part} rel="noopener noreferrer nofollow" target="_blank">
        {part}
      </a>
    ) : (
      part
    ),
  );
}
