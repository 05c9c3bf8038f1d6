// A board on a wall: a PIN once, then pages that turn by themselves, no scrolling, no person on it.

import { useEffect, useMemo, useState, useSyncExternalStore } from 'react';
import { useTranslation } from 'react-i18next';
import type { Opened } from '@api/board';
import { clockTime } from '@i18n/format';
import { speak, supported } from '@i18n/index';
import { Button } from '@ui/Button';
import { Icon } from '@ui/Icon';
import { Mark } from '@ui/Mark';
import type { Cell } from '@agent/data/cell';
import { AgeOf } from '@agent/parts/board/Age';
import { Marks } from '@agent/parts/board/marks';
import { Page, USUAL_PAGES } from './Page';
import { STALE_MS, timesOf, useBoard, useSecond } from '@agent/parts/board/useBoard';
import { Wall, type WallState } from './wall';
import './board.css';
import './tv.css';

const useCell = <T,>(cell: Cell<T>): T => useSyncExternalStore(cell.subscribe, cell.get);

/** A picture that never moves burns in: two pixels another way every ten minutes. */
const SHIFT_MS = 600_000;
const SHIFTS = ['', 'tv-right', 'tv-low', 'tv-left'] as const;

function Lock({ wall, state }: { wall: Wall; state: WallState }) {
  const { t } = useTranslation();
  const [pin, setPin] = useState('');
  const said = state === 'wrong' || state === 'waiting' ? t(`board.tv.${state}`) : '';
  return (
    <main className="tv-lock">
      <Mark size={40} />
      <h1>{t('board.tv.title')}</h1>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          wall.enter(pin);
          setPin('');
        }}
      >
        <label htmlFor="pin">{t('board.pin')}</label>
        <input
          id="pin"
          className="input tv-pin figures"
          inputMode="numeric"
          autoComplete="off"
          autoFocus
          maxLength={12}
          value={pin}
          aria-describedby="said"
          onChange={(event) => setPin(event.target.value.replace(/\D/g, ''))}
        />
        <p id="said" role="alert" className="tv-said">
          {said}
        </p>
        <Button type="submit" look="primary" disabled={pin.length < 6}>
          {t('board.tv.open')}
        </Button>
      </form>
    </main>
  );
}

function Told({ icon, text }: { icon: 'offline' | 'lock'; text: string }) {
  return (
    <main className="tv-lock" role="status">
      <Icon name={icon} size={48} />
      <p className="tv-told">{text}</p>
    </main>
  );
}

function Shown({ wall, opened }: { wall: Wall; opened: Opened }) {
  const { t, i18n } = useTranslation();
  const watched = useBoard(wall.feed, [wall.topic]);
  const local = useSecond();
  const marks = useMemo(() => new Marks(), []);
  const { board, queues, metrics } = opened;
  const pages = board.pages.length > 0 ? board.pages : USUAL_PAGES;
  if (!watched) return <Told icon="offline" text={t('board.tv.waits')} />;
  const { age, now } = timesOf(watched, local);
  const number = Math.floor(now / (board.seconds * 1000)) % pages.length;
  const page = pages[number] ?? pages[0];
  const shift = SHIFTS[Math.floor(now / SHIFT_MS) % SHIFTS.length] ?? '';
  const title = page?.title || t(`board.page.${page?.kind ?? 'figures'}`);
  return (
    <main className={`tv ${shift} ${age > STALE_MS ? 'board-stale' : ''}`}>
      <header className="tv-head">
        <h1>{board.name}</h1>
        <p className="tv-page">{title}</p>
        <span className="grow" />
        <AgeOf ms={age} language={i18n.language} />
        <time className="tv-clock figures">{clockTime(i18n.language, now)}</time>
      </header>
      <div className={`tv-body tv-${page?.kind ?? 'figures'}`}>
        {page && (
          <Page
            key={number}
            page={page}
            shown={{
              cells: watched.cells,
              queues,
              thresholds: board.thresholds,
              metrics,
              marks,
              now,
              language: i18n.language,
            }}
          />
        )}
      </div>
      {pages.length > 1 && (
        <footer className="tv-foot">
          <span className="sr">{t('board.tv.page', { n: number + 1, of: pages.length })}</span>
          {pages.map((_, index) => (
            <span key={index} className={index === number ? 'tv-dot tv-dot-on' : 'tv-dot'} />
          ))}
        </footer>
      )}
    </main>
  );
}

export function Tv({ token }: { token: string }) {
  const { t } = useTranslation();
  const wall = useMemo(() => new Wall(token), [token]);
  const state = useCell(wall.state);
  const opened = useCell(wall.opened);
  useEffect(() => {
    wall.start();
    return () => wall.stop();
  }, [wall]);
  const language = supported(opened?.board.language);
  useEffect(() => {
    if (language) void speak(language);
  }, [language]);
  if (state === 'gone') return <Told icon="lock" text={t('board.tv.gone')} />;
  if (state === 'locked' || state === 'wrong' || state === 'waiting')
    return <Lock wall={wall} state={state} />;
  if (!opened) return <Told icon="offline" text={t('board.tv.waits')} />;
  return <Shown wall={wall} opened={opened} />;
}
