/** @jsxImportSource preact */
// One matter: who answers, what was said, how long it may take, what he thinks of it at the end.
import { Bar, Notice, back, shown } from './App';
import { Composer } from './Composer';
import { waitWords } from './Home';
import { Icon } from './icons';
import { Rate } from './Later';
import { Lines } from './Lines';
import { HOME, here, look, place, session } from './model';
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
  if (!matter?.wait || matter.agent) return null;
  const email = session.value?.email;
  return (
    <div class="card" role="status">
      <p class="big">{w.seeking}</p>
      <p>
        {[matter.wait.before === 0 && w.next, waitWords(matter.wait)].filter(Boolean).join(' · ')}
      </p>
      <p>{email ? fill(w.mayLeaveTo, { email }) : look.value.mail ? w.mayLeaveMail : w.mayLeave}</p>
      {!email && look.value.mail && (
        <button
          type="button"
          class="plain"
          onClick={() => (place.value = { at: 'elsewhere', of: matter.id })}
        >
          {w.email}
        </button>
      )}
    </div>
  );
}
