// Sounds made on the spot by Web Audio: no files, nothing to load, one tune per kind of event.

type Note = readonly [hertz: number, at: number, long: number];

/** Two or three notes each: different enough to be known without looking. */
const TUNES: Record<string, readonly Note[]> = {
  'offer chat': [
    [659, 0, 0.12],
    [880, 0.13, 0.22],
  ],
  'offer email': [
    [523, 0, 0.16],
    [659, 0.18, 0.26],
  ],
  'offer voice': [
    [784, 0, 0.14],
    [988, 0.16, 0.14],
    [784, 0.32, 0.14],
    [988, 0.48, 0.22],
  ],
  'offer other': [
    [587, 0, 0.14],
    [740, 0.16, 0.22],
  ],
  message: [[740, 0, 0.1]],
  mention: [
    [880, 0, 0.09],
    [880, 0.14, 0.16],
  ],
  warning: [
    [440, 0, 0.16],
    [370, 0.2, 0.26],
  ],
  soft: [[587, 0, 0.14]],
};

const OF_KIND: Record<string, string> = {
  message: 'message',
  mention: 'mention',
  whisper: 'mention',
  help_raised: 'warning',
  sla_warning: 'warning',
  escalation: 'warning',
  delivery_failed: 'warning',
};

let context: AudioContext | undefined;

function playNote(audio: AudioContext, volume: number, [hertz, at, long]: Note): void {
  const start = audio.currentTime + at;
  const voice = audio.createOscillator();
  const loud = audio.createGain();
  voice.type = 'sine';
  voice.frequency.value = hertz;
  loud.gain.setValueAtTime(0, start);
  loud.gain.linearRampToValueAtTime(volume, start + 0.012);
  loud.gain.exponentialRampToValueAtTime(0.0001, start + long + 0.15);
  voice.connect(loud).connect(audio.destination);
  voice.start(start);
  voice.stop(start + long + 0.2);
}

/** Plays the sound of a kind; of an Offer the one of its channel. Volume 0 to 100. */
export function play(kind: string, volume: number, channel = 'other'): void {
  if (volume <= 0 || typeof AudioContext === 'undefined') return;
  const name = kind === 'offer' ? `offer ${channel}` : (OF_KIND[kind] ?? 'soft');
  const tune = TUNES[name] ?? TUNES['offer other'] ?? [];
  context ??= new AudioContext();
  const audio = context;
  // A page nobody has touched yet may not sound; the next one may.
  void audio
    .resume()
    .then(() => tune.forEach((note) => playNote(audio, (volume / 100) * 0.35, note)))
    .catch(() => undefined);
}
