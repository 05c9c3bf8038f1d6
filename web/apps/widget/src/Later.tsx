/** @jsxImportSource preact */
// Screens fetched only when somebody asks for them.
import type { ComponentType } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { Bar } from './App';
import { type Matter, place } from './model';
import { words } from './words';

type More = typeof import('./more');

function useMore(): More | undefined {
  const [part, setPart] = useState<More>();
  useEffect(() => {
    let wanted = true;
    const fetch = () =>
      import('./more').then(
        (found) => wanted && setPart(found),
        () => wanted && setTimeout(fetch, 2000),
      );
    void fetch();
    return () => (wanted = false);
  }, []);
  return part;
}

export function Rate(props: { matter: Matter }) {
  const Part: ComponentType<{ matter: Matter }> | undefined = useMore()?.Rate;
  return Part ? <Part {...props} /> : null;
}

export function Elsewhere() {
  const more = useMore();
  const { of, leave } = place.value;
  const Part = leave ? more?.Leave : more?.Elsewhere;
  const w = words.value;
  const title = useRef<HTMLHeadingElement>(null);
  useEffect(() => title.current?.focus(), []);
  return (
    <>
      <Bar back={() => (place.value = { at: of ? 'case' : 'home', of })}>
        <div class="two">
          <h2 ref={title} tabIndex={-1}>
            {leave ? w.leave : w.elsewhere}
          </h2>
        </div>
      </Bar>
      {Part ? <Part of={of} /> : <p role="status">{w.connecting}</p>}
    </>
  );
}
