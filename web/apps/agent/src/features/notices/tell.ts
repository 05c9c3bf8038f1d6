// One notice reaches the person in the ways chosen for its kind: toast, sound, the system's own notice.

import type { NoticeKind, PersonSettings } from '@api/settings';
import { toasts } from '@ui/Toasts';
import { isQuiet } from '@agent/parts/quiet';
import { play } from '@agent/parts/sound';

export interface Told {
  kind: NoticeKind;
  title: string;
  body: string;
  /** Of an Offer: its channel has a sound of its own. */
  channel?: string;
  /** Two with one tag replace each other. */
  tag: string;
  open?: () => void;
  openLabel?: string;
}

function byTheSystem(told: Told): void {
  if (typeof Notification === 'undefined' || Notification.permission !== 'granted') return;
  try {
    const notice = new Notification(told.title, { body: told.body, tag: told.tag });
    notice.onclick = () => {
      window.focus();
      told.open?.();
      notice.close();
    };
  } catch {
    // Phones show notices only through the service worker: there web push does it.
  }
}

/** ``at`` is the server's time: a machine's clock may be hours off. */
export function tell(told: Told, settings: PersonSettings, at: number, always = false): void {
  const ways = settings.notify[told.kind];
  const quiet = !always && isQuiet(settings.quiet, new Date(at));
  // An Offer has a card of its own; quiet hours silence, they do not hide.
  if (ways.screen && told.kind !== 'offer')
    toasts.show({
      text: told.body ? `${told.title}: ${told.body}` : told.title,
      action: told.open && told.openLabel ? { label: told.openLabel, run: told.open } : undefined,
    });
  if (quiet) return;
  if (ways.sound) play(told.kind, settings.volume, told.channel);
  if (ways.os && (always || document.visibilityState !== 'visible')) byTheSystem(told);
}
