// What the stream of a tab needs from outside: ways to the server, and who hears what it says.

import type { Memory } from './choice';
import type { Ephemeral, Reset, StreamEvent } from './frames';
import type { StreamState } from './line';
import type { Tabs } from './tabs';
import type { PlainPorts, SocketLike } from './wires';

export interface StreamPorts {
  /** A single-use ticket; null means the session has ended. Throws when the server is not there. */
  ticket(): Promise<string | null>;
  open(): SocketLike;
  apply(events: readonly StreamEvent[]): void;
  /** Fetch again what the reset names; resolves with the cursor to go on from. */
  reset(reset: Reset): Promise<string | undefined>;
  time(serverNow: string): void;
  ephemeral(frame: Ephemeral): void;
  build(build: string): void;
  state(state: StreamState): void;
  /** This tab has the lead (and with it the outbox), or has lost it. */
  leads?(on: boolean): void;
  /** The server's clock in milliseconds: the age of what was painted is told. */
  now?(): number;
  plain?: PlainPorts;
  memory?: Memory;
  tabs?: Tabs;
  random?: () => number;
}
