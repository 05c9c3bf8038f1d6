/** @jsxImportSource preact */
// One matter: who answers, what was said, how long it may take, what he thinks of it at the end.
import { useState } from 'preact/hooks';
import { Bar, Notice, back, shown } from './App';
import { Composer } from './Composer';
import { instead, waitWords } from './Home';
import { Icon } from './icons';
import { Rate } from './Later';
import { call } from './http';
import { Lines } from './Lines';
import { type Callback, HOME, here, look, place, session } from './model';
import { promised } from './promised';
import { refresh } from './session';
import { fill, words } from './words';

export function Case() {
  const w = words.value;
  const { of } = place.value;
  const matter = here.value;
  const agent = matter?.agent ?? '';
  const elsewhere = look.value.mail || look.value.link;
  return (
    <>
      <Bar back={() => (place.value = HOME)}>
        <span class="face" aria-hidden="true">
          {agent ? agent.slice(0, 1) : <Icon name="chat" />}
        </span>
        <div class="two">
          <h2>{agent || shown().title || w.title}</h2>
          <span>{matter?.state === 'done' ? w.done : agent ? w.withYou : back()}</span>
        </div>
        {elsewhere && session.value && (
          <button
            type="button"
            aria-label={w.elsewhere}
            onClick={() => (place.value = { at: 'elsewhere', of })}
          >
            <Icon name="share" />
          </button>
        )}
      </Bar>
      <Notice />
      <Lines of={of} key={of}>
        <Waiting />
        {matter?.ratable && <Rate matter={matter} key={`rate-${matter.id}`} />}
      </Lines>
      <Composer of={of} />
    </>
  );
}

/** The place in the line, and that nobody must stay for the answer. */
function Waiting() {
  const w = words.value;
  const matter = here.value;
  if (matter?.callback) return <Kept asked={matter.callback} of={matter.id} />;
  if (!matter?.wait || matter.agent) return null;
  const { wait, id: of } = matter;
  const email = session.value?.email;
  const shut = wait.closed_until != null;
  const out = wait.outage != null;
  return (
    <div class="card" role="status">
      <p class="big">{out ? w.out : shut ? w.shut : w.seeking}</p>
      <p>
        {out
          ? instead(wait)
          : [!shut && wait.before === 0 && w.next, waitWords(wait)].filter(Boolean).join(' · ')}
      </p>
      <p>
        {wait.form && !email
          ? w.leaveForm
          : email
            ? fill(w.mayLeaveTo, { email })
            : look.value.mail
              ? w.mayLeaveMail
              : w.mayLeave}
      </p>
      {wait.callback && (
        <button
          type="button"
          class="main"
          onClick={() => (place.value = { at: 'elsewhere', of, leave: true })}
        >
          {w.leave}
        </button>
      )}
      {!email && look.value.mail && (
        <button
          type="button"
          class={wait.form && !wait.callback ? 'main' : 'plain'}
          onClick={() => (place.value = { at: 'elsewhere', of })}
        >
          {w.email}
        </button>
      )}
    </div>
  );
}

/** He left the line: how he hears from us, and the way back. */
function Kept({ asked, of }: { asked: Callback; of: string }) {
  const w = words.value;
  const [wrong, setWrong] = useState(false);
  const goBack = async (): Promise<void> => {
    try {
      await call('DELETE', `callback?case=${of}`);
      await refresh();
    } catch {
      setWrong(true);
    }
  };
  return (
    <div class="card" role="status">
      <p class="big">{w.kept}</p>
      <p>{promised(asked)}</p>
      {wrong && <p class="bad">{w.trouble}</p>}
      <button type="button" class="plain" onClick={() => void goBack()}>
        {w.leaveBack}
      </button>
    </div>
  );
}
