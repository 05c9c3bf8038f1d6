// The part that talks: the open line, receipts, the screen of a Case. Fetched with the session.
import { adopt } from './sheet';
import { talkCss } from './talkStyle';

adopt(talkCss);

export { Case } from './Case';
export { Elsewhere } from './Later';
export { Perhaps } from './Perhaps';
export { startLine, stopLine } from './line';
export { startReceipts } from './receipts';
