/** @jsxImportSource preact */
// Where the visitor writes: text, files by button, paste, drop and camera, a draft that survives.
import { useLayoutEffect, useRef } from 'preact/hooks';
import { addFiles, busy, chosen, problem } from './files';
import { call } from './http';
import { Icon } from './icons';
import { arriving, begins, matters, open, place, session } from './model';
import { say, uuid } from './outbox';
import { begin } from './session';
import { draftOf, recall, remember } from './storage';
import { words } from './words';

const TEXT_MAX = 10_000;
let typedAt = 0;
/** He pressed send while a link was being taken: what stands there leaves as soon as it is. */
let eager = false;
/** He writes while a link is being taken: the box he is led to goes on where he was. */
let early = false;

/** Writes into a Case; without one it begins another matter. */
export function Composer({
  of,
  tall,
  onText,
}: {
  of: string;
  tall?: boolean;
  onText?: (text: string) => void;
}) {
  const area = useRef<HTMLTextAreaElement>(null);
  // before anybody can see the box, let alone write in it
  useLayoutEffect(() => {
    const box = area.current;
    if (!box) return;
    box.value = recall(draftOf(of)) ?? '';
    // where a finger writes, focus would bring the keyboard before anything was read
    if (early || matchMedia('(pointer: fine)').matches) box.focus();
    else box.closest('section')?.focus();
    early = false;
    grow(box);
  }, [of, open.value]);
  const w = words.value;
  const send = () => {
    const box = area.current;
    const text = box?.value.trim() ?? '';
    if (!box || busy.value || (!text && !chosen.value.length)) return;
    if (arriving.value) {
      eager = true;
      return;
    }
    if (text.length > TEXT_MAX) {
      problem.value = w.tooLong;
      return;
    }
    const to = of || uuid();
    say(text, [...chosen.value], of && !begins(of) ? { case_id: of } : { matter: to });
    void begin().catch(() => undefined);
    box.value = '';
    chosen.value = [];
    problem.value = '';
    remember(draftOf(of), null);
    grow(box);
    box.focus();
    if (!of) place.value = { at: 'case', of: to };
  };
  useLayoutEffect(() => {
    if (arriving.value || !eager) return;
    eager = false;
    // among several matters he chooses himself; his words wait here
    if (of || !matters.value.length) send();
  }, [of, arriving.value]);
  return (
    <div class={`pen${tall ? ' tall' : ''}`}>
      {problem.value && (
        <p class="bad" role="alert">
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
        <textarea
          ref={area}
          rows={1}
          aria-label={w.write}
          placeholder={w.write}
          onInput={({ currentTarget: box }) => {
            eager = false;
            early = arriving.value;
            typed(box, of);
            onText?.(box.value);
          }}
          onPaste={(event) => {
            const files = [...(event.clipboardData?.files ?? [])];
            if (!files.length) return;
            event.preventDefault();
            void addFiles(files);
          }}
          onKeyDown={(event) => {
            if (event.key === 'Enter' && !event.shiftKey && !event.isComposing) {
              event.preventDefault();
              send();
            }
          }}
        />
        <Pick label={w.attach} sign="clip" />
        <Pick label={w.camera} sign="camera" />
        <button type="submit" class="go" aria-label={w.send} disabled={busy.value > 0}>
          <Icon name="send" />
        </button>
      </form>
    </div>
  );
}

function Pick({ label, sign }: { label: string; sign: 'clip' | 'camera' }) {
  const picker = useRef<HTMLInputElement>(null);
  const photo = sign === 'camera' && { accept: 'image/*', capture: 'environment' as const };
  return (
    <>
      <button
        type="button"
        class={`tool ${sign}`}
        aria-label={label}
        onClick={() => picker.current?.click()}
      >
        <Icon name={sign} />
      </button>
      <input
        ref={picker}
        class={sign}
        type="file"
        hidden
        multiple
        aria-label={label}
        {...photo}
        onChange={({ currentTarget: input }) => {
          const files = [...(input.files ?? [])];
          input.value = '';
          void addFiles(files);
        }}
      />
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

function typed(box: HTMLTextAreaElement, of: string): void {
  remember(draftOf(of), box.value || null);
  grow(box);
  const now = Date.now();
  if (session.value && of && !begins(of) && box.value && now - typedAt > 3000) {
    typedAt = now;
    void call('POST', 'typing', { typing: true, case: of }).catch(() => undefined);
  }
}

function grow(box: HTMLTextAreaElement): void {
  box.style.height = 'auto';
  box.style.height = `${Math.min(box.scrollHeight, 160)}px`;
}
