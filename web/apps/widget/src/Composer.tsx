/** @jsxImportSource preact */
// Where the visitor writes: text, files, a draft that survives.
import { signal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import { Refused, call } from './http';
import { Icon } from './icons';
import { type FileOf, session } from './model';
import { say } from './outbox';
import { begin, upload } from './session';
import { recall, remember } from './storage';
import { words } from './words';

const TEXT_MAX = 10_000;
const FILE_MAX = 25 * 1024 * 1024;
const chosen = signal<readonly FileOf[]>([]);
const busy = signal(0);
const problem = signal('');
let typedAt = 0;

export function Composer() {
  const area = useRef<HTMLTextAreaElement>(null);
  const picker = useRef<HTMLInputElement>(null);
  useEffect(() => {
    if (area.current) {
      area.current.value = recall('draft') ?? '';
      area.current.focus();
      grow(area.current);
    }
  }, []);
  const w = words.value;
  const send = () => {
    const box = area.current;
    const text = box?.value.trim() ?? '';
    if (!box || busy.value || (!text && !chosen.value.length)) return;
    if (text.length > TEXT_MAX) {
      problem.value = w.tooLong;
      return;
    }
    say(text, [...chosen.value]);
    void begin().catch(() => undefined);
    box.value = '';
    chosen.value = [];
    problem.value = '';
    remember('draft', null);
    grow(box);
    box.focus();
  };
  return (
    <>
      {problem.value && (
        <p class="note" role="alert">
          {problem.value}
        </p>
      )}
      <Chips />
      <form
        onSubmit={(event) => {
          event.preventDefault();
          send();
        }}
      >
        <button type="button" aria-label={w.attach} onClick={() => picker.current?.click()}>
          <Icon name="clip" />
        </button>
        <input
          ref={picker}
          type="file"
          hidden
          multiple
          aria-label={w.attach}
          onChange={() => void take(picker.current)}
        />
        <textarea
          ref={area}
          rows={1}
          aria-label={w.write}
          placeholder={w.write}
          onInput={(event) => typed(event.currentTarget)}
          onKeyDown={(event) => {
            if (event.key === 'Enter' && !event.shiftKey && !event.isComposing) {
              event.preventDefault();
              send();
            }
          }}
        />
        <button type="submit" aria-label={w.send} disabled={busy.value > 0}>
          <Icon name="send" />
        </button>
      </form>
    </>
  );
}

function Chips() {
  if (!chosen.value.length && !busy.value) return null;
  return (
    <div class="chips">
      {chosen.value.map((file) => (
        <span class="chip" key={file.id}>
          {file.name}
          <button
            type="button"
            aria-label={`${words.value.remove}: ${file.name}`}
            onClick={() => (chosen.value = chosen.value.filter((one) => one !== file))}
          >
            <Icon name="close" />
          </button>
        </span>
      ))}
      {busy.value > 0 && <span role="status">{words.value.uploading}</span>}
    </div>
  );
}

async function take(picker: HTMLInputElement | null): Promise<void> {
  const files = [...(picker?.files ?? [])];
  if (picker) picker.value = '';
  problem.value = '';
  for (const file of files) {
    if (file.size > FILE_MAX) {
      problem.value = words.value.tooLarge;
      continue;
    }
    busy.value += 1;
    try {
      chosen.value = [...chosen.value, await upload(file)];
    } catch (error) {
      const large = error instanceof Refused && error.problem.status === 413;
      problem.value = large ? words.value.tooLarge : words.value.noUpload;
    } finally {
      busy.value -= 1;
    }
  }
}

function typed(box: HTMLTextAreaElement): void {
  remember('draft', box.value || null);
  grow(box);
  const now = Date.now();
  if (session.value && box.value && now - typedAt > 3000) {
    typedAt = now;
    void call('POST', 'typing', { typing: true }).catch(() => undefined);
  }
}

function grow(box: HTMLTextAreaElement): void {
  box.style.height = 'auto';
  box.style.height = `${Math.min(box.scrollHeight, 140)}px`;
}
