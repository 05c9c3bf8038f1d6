// A part of the Case asks for one of its dialogs: the menu of a Message, a chip of the head.

import type { Message } from '@api/types';
import type { Open } from './Dialogs';

export const ASKED = 'polyphony:case-dialog';

export interface Asked {
  what: Open;
  message?: Message;
}

export const ask = (what: Open, message?: Message): boolean =>
  window.dispatchEvent(new CustomEvent<Asked>(ASKED, { detail: { what, message } }));
