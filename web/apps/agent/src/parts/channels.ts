// The channels customers write to us by, and what else an agent may be given; in the order of the screens.

export const CHANNELS: readonly string[] = ['email', 'chat'];
/** Work nobody wrote to us: steps of a process, promises to call back. */
export const UNWRITTEN: readonly string[] = ['case_step', 'callback'];
