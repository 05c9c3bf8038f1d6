// What few visitors need: going on elsewhere, leaving the line, saying how it was. Fetched on demand.
export { Elsewhere } from './Elsewhere';
export { Leave } from './Leave';
export { Rate } from './Rate';
