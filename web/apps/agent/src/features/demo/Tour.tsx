// Five stops on live data for who is here for the first time: cards beside things, nothing is blocked.

import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Button, IconButton } from '@ui/Button';
import { useWorkspace } from '@agent/data/hooks';
import { go, href, parse, useRoute } from '@agent/data/router';
import { placeOf, STOPS, type Stop } from './stops';

const LOOK_MS = 250;
const SEEN = 'polyphony-tour';
const DESK = new Set(['inbox', 'view', 'case']);

const onDesk = (parts: readonly string[]): boolean => DESK.has(parts[0] ?? 'inbox');

/** Marks what the stop points at and keeps the card beside it, wherever it moves. */
function usePlace(stop: Stop | undefined) {
  const card = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (!stop) return undefined;
    let marked: Element | null = null;
    const look = (): void => {
      const target = document.querySelector(stop.at);
      if (target !== marked) marked?.classList.remove('tour-mark');
      marked = target;
      marked?.classList.add('tour-mark');
      const own = card.current;
      if (!own) return;
      const room = { width: window.innerWidth, height: window.innerHeight };
      const middle = { left: room.width / 2, top: room.height, width: 0, height: 0 };
      const place = placeOf(
        target?.getBoundingClientRect() ?? middle,
        own.getBoundingClientRect(),
        room,
      );
      own.style.translate = `${place.left}px ${place.top}px`;
    };
    look();
    const timer = setInterval(look, LOOK_MS);
    return () => {
      clearInterval(timer);
      marked?.classList.remove('tour-mark');
    };
  }, [stop]);
  return card;
}

interface TourProps {
  /** Somebody asked for it again. */
  again: boolean;
  onEnd: () => void;
}

export function Tour({ again, onEnd }: TourProps) {
  const { t } = useTranslation();
  const { store } = useWorkspace();
  const [at, setAt] = useState(() => (localStorage.getItem(SEEN) ? -1 : 0));
  useEffect(() => {
    if (!again) return;
    setAt(0);
    if (!onDesk(parse(location.hash).parts)) go(href('inbox', 'all'));
  }, [again]);
  const { parts } = useRoute();
  // Its stops stand on the desk: on other pages it waits.
  const stop = onDesk(parts) ? STOPS[at] : undefined;
  const card = usePlace(stop);
  const end = (): void => {
    localStorage.setItem(SEEN, 'yes');
    setAt(-1);
    onEnd();
  };
  const walk = (to: number): void => {
    const next = STOPS[to];
    if (!next) return end();
    const first = store.all('case')[0];
    const needsCase = next.id === 'case' || next.id === 'customer';
    if (needsCase && first && !document.querySelector(next.at)) go(href('inbox', 'all', first.id));
    setAt(to);
  };
  if (!stop) return null;
  return (
    <div ref={card} className="tour-card" role="region" aria-label={t('tour.title')}>
      <div className="row">
        <span className="tiny soft grow">{t('tour.stop', { at: at + 1, of: STOPS.length })}</span>
        <IconButton icon="close" label={t('tour.skip')} onClick={end} />
      </div>
      <div role="status">
        <strong>{t(`tour.${stop.id}`)}</strong>
        <p className="small">{t(`tour.${stop.id}_hint`)}</p>
      </div>
      <div className="row">
        {at > 0 && (
          <Button small look="quiet" onClick={() => walk(at - 1)}>
            {t('tour.back')}
          </Button>
        )}
        <span className="grow" />
        <Button small look="primary" onClick={() => walk(at + 1)}>
          {t(at + 1 < STOPS.length ? 'tour.next' : 'tour.end')}
        </Button>
      </div>
    </div>
  );
}
