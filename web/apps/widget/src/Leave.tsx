/** @jsxImportSource preact */
// Leaving the line: how and when somebody gets in touch, while the place is kept.
import { useEffect, useState } from 'preact/hooks';
import { Refused, call } from './http';
import { look, place, session } from './model';
import { span } from './promised';
import { refresh } from './session';
import { type Words, words } from './words';

interface Options {
  offered: boolean;
  slots: { from: string; to: string }[];
}

type Way = 'phone' | 'email' | 'chat';

const SAID: Record<string, keyof Words> = {
  'callback.number': 'numberWrong',
  'chat.address': 'emailWrong',
  'callback.open': 'leaveOpen',
  'callback.too_many': 'tooOften',
  'callback.window': 'leaveWindow',
  'callback.not_offered': 'leaveNot',
  'callback.not_waiting': 'leaveNot',
};

export function Leave({ of }: { of: string }) {
  const w = words.value;
  const [options, setOptions] = useState<Options>();
  const [way, setWay] = useState<Way>('phone');
  const [wrong, setWrong] = useState('');
  const [busy, setBusy] = useState(false);
  const explain = (error: unknown): void => {
    const said = error instanceof Refused ? SAID[error.problem.code] : undefined;
    setWrong(String(w[said ?? 'trouble']));
  };
  useEffect(() => {
    call<Options>('GET', `callback?case=${of}`).then(setOptions, explain);
  }, [of]);
  const submit = async (event: Event): Promise<void> => {
    event.preventDefault();
    const given = new FormData(event.currentTarget as HTMLFormElement);
    const [from, to] = String(given.get('when') ?? '').split(' ');
    setWrong('');
    setBusy(true);
    try {
      await call('POST', 'callback', {
        case: of,
        way,
        address: given.get('value') ?? undefined,
        reason: given.get('reason') ?? '',
        ...(to ? { from, to } : {}),
      });
      await refresh().catch(() => undefined);
      place.value = { at: 'case', of };
    } catch (error) {
      explain(error);
    }
    setBusy(false);
  };
  const off = options && !options.offered;
  const ways: [Way, string][] = [
    ['phone', w.leavePhone],
    ...(look.value.mail ? ([['email', w.leaveMail]] as [Way, string][]) : []),
    ['chat', w.leaveChat],
  ];
  return (
    <div class="places">
      <form class="card leave" onSubmit={(event) => void submit(event)}>
        <p>{off ? w.leaveNot : w.leaveWhat}</p>
        {!off && (
          <>
            <fieldset class="ways">
              <legend>{w.leaveWay}</legend>
              {ways.map(([name, label]) => (
                <label key={name}>
                  <input
                    type="radio"
                    name="way"
                    checked={way === name}
                    onChange={() => setWay(name)}
                  />
                  {label}
                </label>
              ))}
            </fieldset>
            {way !== 'chat' && <Where way={way} key={way} />}
            <label for="polyphony-when">{w.leaveWhen}</label>
            <select id="polyphony-when" name="when">
              <option value="">{w.leaveSoon}</option>
              {options?.slots.map((one) => (
                <option key={one.from} value={`${one.from} ${one.to}`}>
                  {span(one)}
                </option>
              ))}
            </select>
            <label for="polyphony-reason">{w.leaveReason}</label>
            <textarea id="polyphony-reason" name="reason" rows={2} maxLength={500} />
            <button type="submit" class="main" disabled={busy || !options}>
              {w.leaveSend}
            </button>
          </>
        )}
        {wrong && (
          <p class="bad" role="alert">
            {wrong}
          </p>
        )}
      </form>
    </div>
  );
}

function Where({ way }: { way: 'phone' | 'email' }) {
  const w = words.value;
  const known = session.value?.email ?? session.value?.email_claimed ?? '';
  const id = 'polyphony-where';
  return (
    <>
      <label for={id}>{way === 'phone' ? w.leaveNumber : w.emailAsk}</label>
      {way === 'phone' ? (
        <input id={id} name="value" type="tel" autocomplete="tel" required maxLength={40} />
      ) : (
        <input
          id={id}
          name="value"
          type="email"
          autocomplete="email"
          required
          maxLength={254}
          defaultValue={known}
        />
      )}
    </>
  );
}
