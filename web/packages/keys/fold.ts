// Text as search compares it: lower case, without the marks above and below letters.

const MARKS = /\p{M}/gu;

/** "Žlutý kůň" and "zluty kun" are the same to somebody who searches; ł and ø are letters of their own. */
export const fold = (text: string): string =>
  text
    .normalize('NFD')
    .replace(MARKS, '')
    .toLowerCase()
    .replaceAll('ł', 'l')
    .replaceAll('ø', 'o')
    .replaceAll('đ', 'd')
    .replaceAll('ß', 'ss');
