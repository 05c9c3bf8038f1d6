/** @jsxImportSource preact */
// Answers by e-mail too: the address, then the code mailed to it.
import { signal } from '@preact/signals';
import { Refused } from './http';
import { look, session } from './model';
import { askCode, giveCode } from './session';
import { fill, words } from './words';

const step = signal<'closed' | 'address' | 'code'>('closed');
const wrong = signal('');
const busy = signal(false);

export function Mail() {
  const w = words.value;
  const proved = session.value?.email;
  if (!look.value.mail) return null;
  if (proved)
    return (
      <div class="mail">
        <p role="status">{fill(w.emailDone, { email: proved })}</p>
      </div>
    );
  if (step.value === 'closed')
    return (
      <div class="mail">
        <button type="button" class="plain" onClick={() => (step.value = 'address')}>
          {w.email}
        </button>
      </div>
    );
  return (
    <div class="mail">
      {step.value === 'address' ? <Address /> : <Code />}
      {wrong.value && (
        <p class="bad" role="alert">
          {wrong.value}
        </p>
      )}
    </div>
  );
}

function Address() {
  const w = words.value;
  return (
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
      <Buttons main={w.emailSend} />
    </form>
  );
}

function Code() {
  const w = words.value;
  return (
    <form onSubmit={(event) => void submit(event, giveCode, () => (step.value = 'closed'))}>
      <p role="status">{fill(w.codeAsk, { email: session.value?.email_claimed ?? '' })}</p>
      <label for="polyphony-code">{w.code}</label>
      <input
        id="polyphony-code"
        name="value"
        inputMode="numeric"
        autocomplete="one-time-code"
        pattern="[0-9 ]{6,9}"
        required
      />
      <Buttons main={w.codeCheck} />
    </form>
  );
}

function Buttons({ main }: { main: string }) {
  return (
    <>
      <button type="submit" class="main" disabled={busy.value}>
        {main}
      </button>
      <button
        type="button"
        class="plain"
        onClick={() => {
          wrong.value = '';
          step.value = 'closed';
        }}
      >
        {words.value.cancel}
      </button>
    </>
  );
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
