// A key made of a name: small Latin letters, digits and underscores, a letter first.

export const KEY = /^[a-z][a-z0-9_]{1,39}$/;

export const keyOf = (name: string): string =>
  name
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '_')
    .replace(/^[^a-z]+|_+$/g, '')
    .slice(0, 40);
