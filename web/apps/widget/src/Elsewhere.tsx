/** @jsxImportSource preact */
// Going on elsewhere: answers and a copy by e-mail, the same matter on another device.
import { signal } from './state';
import { useEffect, useRef, useState } from 'preact/hooks';
import { Refused, call } from './http';
import { Icon } from './icons';
import { begins, look, session } from './model';
import { standsOn } from './session';
import { fill, words } from './words';

const step = signal<'closed' | 'address' | 'code'>('address');
const wrong = signal('');
const busy = signal(false);

export function Elsewhere({ of }: { of: string }) {
  const w = words.value;
  return (
    <div class="places">
      {look.value.mail && (
        <section class="card mail">
          <Icon name="mail" />
          <div>
            <h3>{w.mail}</h3>
            {session.value?.email ? <Proved of={of} /> : <Asking />}
            {wrong.value && (
              <p class="bad" role="alert">
                {wrong.value}
              </p>
            )}
          </div>
        </section>
      )}
      {look.value.link && (
        <section class="card">
          <Icon name="phone" />
          <div>
            <h3>{w.device}</h3>
            <Device />
          </div>
        </section>
      )}
    </div>
  );
}

function Proved({ of }: { of: string }) {
  const w = words.value;
  const email = session.value?.email ?? '';
  const [sent, setSent] = useState(false);
  const status = useRef<HTMLParagraphElement>(null);
  const copy = async () => {
    wrong.value = '';
    try {
      await call('POST', 'transcripts', { case: of });
      setSent(true);
      status.current?.focus();
    } catch (error) {
      explain(error);
    }
  };
  return (
    <>
      <p ref={status} tabIndex={-1} role="status">
        {sent ? fill(w.copyDone, { email }) : fill(w.emailDone, { email })}
      </p>
      {!sent && of && !begins(of) && (
        <button type="button" class="plain" onClick={() => void copy()}>
          {w.copy}
        </button>
      )}
    </>
  );
}

function Asking() {
  return step.value === 'code' ? <Code /> : <Address />;
}

function Address() {
  const w = words.value;
  return (
    <>
      <p>{w.emailWhat}</p>
      <form onSubmit={(event) => void submit(event, askCode, () => (step.value = 'code'))}>
        <label for="polyphony-mail">{w.emailAsk}</label>
        <input
          id="polyphony-mail"
          name="value"
          type="email"
          autocomplete="email"
          required
          maxLength={254}
          defaultValue={session.value?.email_claimed ?? ''}
        />
        <button type="submit" class="main" disabled={busy.value}>
          {w.emailSend}
        </button>
      </form>
    </>
  );
}

function Code() {
  const w = words.value;
  const field = useRef<HTMLInputElement>(null);
  useEffect(() => field.current?.focus(), []);
  return (
    <form onSubmit={(event) => void submit(event, giveCode, () => (step.value = 'closed'))}>
      <p role="status">{fill(w.codeAsk, { email: session.value?.email_claimed ?? '' })}</p>
      <label for="polyphony-code">{w.code}</label>
      <input
        ref={field}
        id="polyphony-code"
        name="value"
        inputMode="numeric"
        autocomplete="one-time-code"
        pattern="[0-9 ]{6,9}"
        required
      />
      <button type="submit" class="main" disabled={busy.value}>
        {w.codeCheck}
      </button>
      <button
        type="button"
        class="second"
        onClick={() => {
          wrong.value = '';
          step.value = 'address';
        }}
      >
        {w.cancel}
      </button>
    </form>
  );
}

/** A link and a QR code of the visitor's chats: made when asked for, because each opens once. */
function Device() {
  const w = words.value;
  const [url, setUrl] = useState('');
  const [copied, setCopied] = useState(false);
  const [bad, setBad] = useState('');
  const canvas = useRef<HTMLCanvasElement>(null);
  useEffect(() => {
    if (url) void import('./qr').then(({ paint }) => canvas.current && paint(canvas.current, url));
  }, [url]);
  const make = async () => {
    setBad('');
    try {
      const told = await call<{ link: string }>('POST', 'links', {});
      setUrl(`${standsOn()}#polyphony=${told.link}`);
    } catch (error) {
      setBad(error instanceof Refused && error.problem.status === 429 ? w.tooOften : w.trouble);
    }
  };
  return (
    <>
      <p>{w.deviceWhat}</p>
      {url ? (
        <>
          <canvas ref={canvas} class="qr" role="img" aria-label={w.qr} />
          <p class="url">{url}</p>
          <button
            type="button"
            class="second"
            onClick={() => void navigator.clipboard?.writeText(url).then(() => setCopied(true))}
          >
            {copied ? w.copied : w.copyLink}
          </button>
        </>
      ) : (
        <button type="button" class="plain" onClick={() => void make()}>
          {w.deviceMake}
        </button>
      )}
      {bad && (
        <p class="bad" role="alert">
          {bad}
        </p>
      )}
    </>
  );
}

async function askCode(address: string): Promise<void> {
  const told = await call<{ address: string }>('POST', 'email', { address });
  if (session.value) session.value = { ...session.value, email_claimed: told.address };
}

async function giveCode(code: string): Promise<void> {
  const told = await call<{ email: string }>('POST', 'code', { code });
  if (session.value) session.value = { ...session.value, email: told.email };
}

async function submit(
  event: SubmitEvent,
  act: (value: string) => Promise<void>,
  done: () => void,
): Promise<void> {
  event.preventDefault();
  const value = String(new FormData(event.target as HTMLFormElement).get('value') ?? '');
  wrong.value = '';
  busy.value = true;
  try {
    await act(value.replace(/\s/g, ''));
    done();
  } catch (error) {
    explain(error);
  } finally {
    busy.value = false;
  }
}

function explain(error: unknown): void {
  const w = words.value;
  if (!(error instanceof Refused)) wrong.value = w.offline;
  else if (error.problem.status === 429) wrong.value = w.tooOften;
  else if (error.problem.code === 'chat.address') wrong.value = w.emailWrong;
  else if (error.problem.code === 'chat.code' && error.problem.facts['why'] === 'wrong')
    wrong.value = fill(w.codeWrong, { left: Number(error.problem.facts['left']) });
  else if (error.problem.code === 'chat.code') {
    wrong.value = w.codeDead;
    step.value = 'address';
  } else wrong.value = w.trouble;
}
