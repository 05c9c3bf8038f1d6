/** @jsxImportSource preact */
// While the first line is being written: public articles that may answer it already.
import { useEffect, useState } from 'preact/hooks';
import { call } from './http';
import { session } from './model';
import { words } from './words';

const PAUSE_MS = 500;
const FROM = 4;

interface Found {
  title: string;
  url: string;
}

export function Perhaps({ text }: { text: string }) {
  const [found, setFound] = useState<readonly Found[]>([]);
  const asked = text.trim();
  const known = session.value !== null; // it may come after the first words
  useEffect(() => {
    if (!known || asked.length < FROM) {
      setFound([]);
      return undefined;
    }
    const stop = new AbortController();
    const timer = setTimeout(() => {
      const path = `articles?q=${encodeURIComponent(asked.slice(-500))}`;
      call<{ items: Found[] }>('GET', path, undefined, {}, stop.signal)
        .then(({ items }) => setFound(items))
        .catch(() => undefined); // a help that does not come is not missed
    }, PAUSE_MS);
    return () => {
      clearTimeout(timer);
      stop.abort();
    };
  }, [asked, known]);
  return (
    <div class="perhaps" role="status">
      {found.length > 0 && (
        <>
          <h3>{words.value.perhaps}</h3>
          <ul>
            {found.map((one) => (
              <li key={one.url}>
                <a href={one.url} target="_blank" rel="noopener noreferrer">
                  {one.title}
                </a>
              </li>
            ))}
          </ul>
        </>
      )}
    </div>
  );
}
