/** @jsxImportSource preact */
// One to five stars at the end, words beside them if he likes.
import { useState } from 'preact/hooks';
import { call } from './http';
import { Icon } from './icons';
import type { Matter } from './model';
import { refresh } from './session';
import { fill, words } from './words';

export function Rate({ matter }: { matter: Matter }) {
  const w = words.value;
  const [stars, setStars] = useState(matter.score ?? 0);
  const [step, setStep] = useState<'ask' | 'words' | 'done'>(matter.score ? 'done' : 'ask');
  const [wrong, setWrong] = useState('');
  const send = async (score: number, said?: string) => {
    setWrong('');
    try {
      await call('POST', 'ratings', { case: matter.id, score, words: said });
      setStep(said === undefined ? 'words' : 'done');
      void refresh().catch(() => undefined);
    } catch {
      setWrong(w.trouble);
    }
  };
  return (
    <div class="card">
      <h3 id="polyphony-rate">{step === 'done' ? w.rateThanks : w.rate}</h3>
      <fieldset class="stars" aria-labelledby="polyphony-rate">
        {[1, 2, 3, 4, 5].map((n) => (
          <label key={n} class={n <= stars ? 'on' : undefined}>
            <input
              type="radio"
              name="stars"
              checked={n === stars}
              aria-label={fill(w.rateOf, { n })}
              onChange={() => {
                setStars(n);
                void send(n);
              }}
            />
            <Icon name="star" />
          </label>
        ))}
      </fieldset>
      {step === 'words' && (
        <form
          onSubmit={(event) => {
            event.preventDefault();
            const said = new FormData(event.currentTarget as HTMLFormElement).get('words');
            void send(stars, String(said ?? ''));
          }}
        >
          <label for="polyphony-words">{w.rateWords}</label>
          <textarea id="polyphony-words" name="words" rows={2} maxLength={2000} />
          <button type="submit" class="main">
            {w.send}
          </button>
        </form>
      )}
      {wrong && (
        <p class="bad" role="alert">
          {wrong}
        </p>
      )}
    </div>
  );
}
