/** @jsxImportSource preact */
// The list of lines, newest below, with ticks and files.
import { useEffect, useLayoutEffect, useRef } from 'preact/hooks';
import { Icon } from './icons';
import { type FileOf, type Line, agent, language, lines, look, open, typing } from './model';
import { discard, retry } from './outbox';
import { watchReading } from './receipts';
import { download } from './session';
import { type Words, fill, words } from './words';

export function Lines() {
  const list = useRef<HTMLDivElement>(null);
  const below = useRef(true);
  useEffect(() => (list.current ? watchReading(list.current, () => open.value) : undefined), []);
  const count = lines.value.length;
  useLayoutEffect(() => {
    const box = list.current;
    if (box && (below.current || lines.value.at(-1)?.from === 'me'))
      box.scrollTop = box.scrollHeight;
  }, [count, typing.value]);
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
      aria-label={words.value.log}
      tabIndex={0}
      onScroll={scrolled}
    >
      <div class="line hint">
        <p>{look.value.greeting || words.value.empty}</p>
      </div>
      {lines.value.map((one) => (
        <One key={one.cid ?? one.id} line={one} />
      ))}
      {typing.value && (
        <div class="line">
          <span class="hidden">{`${agent.value || words.value.someone} ${words.value.typing}`}</span>
          <span class="dots" aria-hidden="true">
            <i />
            <i />
            <i />
          </span>
        </div>
      )}
    </div>
  );
}

function One({ line }: { line: Line }) {
  const w = words.value;
  if (line.from === 'system') {
    const known = line.code && line.code in w ? (w[line.code as keyof Words] as string) : line.text;
    return (
      <div class="line system">
        <p>{fill(known, { name: line.name ?? '' })}</p>
      </div>
    );
  }
  return (
    <div
      class={`line ${line.from}`}
      data-position={line.from === 'agent' ? line.position : undefined}
    >
      {line.from === 'agent' && <b>{line.name || w.someone}</b>}
      {line.text && <p dir="auto">{linked(line.text)}</p>}
      {line.files.map((file) => (
        <Attached
          key={file.id}
          file={file}
          mine={line.from === 'me' && line.position === undefined}
        />
      ))}
      <Foot line={line} />
    </div>
  );
}

function Foot({ line }: { line: Line }) {
  const w = words.value;
  const time = new Date(line.at).toLocaleTimeString(language.value, {
    hour: '2-digit',
    minute: '2-digit',
  });
  const cid = line.cid;
  return (
    <div class="foot">
      {line.state === 'failed' && cid && (
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
      <time dateTime={line.at}>{time}</time>
      {line.from === 'me' && (
        <span class={`tick ${line.state}`}>
          <Icon name={line.state} />
          <span class="hidden">{w[line.state]}</span>
        </span>
      )}
    </div>
  );
}

function Attached({ file, mine }: { file: FileOf; mine: boolean }) {
  if (mine) return <span class="file">{file.name}</span>;
  return (
    <button type="button" class="file" onClick={() => void download(file).catch(() => undefined)}>
      {`${file.name} (${size(file.size)})`}
    </button>
  );
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
