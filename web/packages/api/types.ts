// Everything that travels, under one name.

export type * from './answers';
export type * from './company';
export type * from './callback';
export type * from './entities';
export type * from './steps';
export type * from './knowledge';
export type * from './lists';
export type * from './settings';
export type * from './matches';
export type * from './matter';
