// What few visitors need: going on elsewhere, saying how it was. Fetched on demand.
export { Elsewhere } from './Elsewhere';
export { Rate } from './Rate';
