// A Message is to be quoted in the answer: the stream says so, the composer listens.

export const QUOTED = 'polyphony:quote';

export interface Quoted {
  text: string;
  name: string;
  at: string;
}
