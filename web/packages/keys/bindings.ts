// How keys are written and which commands there are: what screens need to know of this package.

export { written } from './combo';
export type { Command } from './table';
