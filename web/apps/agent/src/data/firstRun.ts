// An empty house: who may set it up is led to the guide, once for each time the page is opened.

import { useEffect, useRef } from 'react';
import { go, href } from './router';

export function useFirstRun(empty: boolean): void {
  const led = useRef(false);
  useEffect(() => {
    if (!empty || led.current) return;
    led.current = true;
    if (!location.hash.startsWith('#/admin')) go(href('admin', 'guide'), true);
  }, [empty]);
}
