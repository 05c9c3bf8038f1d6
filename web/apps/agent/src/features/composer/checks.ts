// What is asked before an answer leaves: a file that was promised, another language than the customer's.

/** "See attached" as it is written in four languages. */
const PROMISED: readonly RegExp[] = [
  /\b(?:attached|attaching|attachments?|enclosed)\b/i,
  /(?<!\p{L})(?:v příloze|přikládám|přiložen|příloh[auyo]|přílohách|v priloze|prikladam|priloze)/iu,
  /(?<!\p{L})(?:w załączeniu|załącznik|załączam|załączon|w zalaczeniu|zalacznik|zalaczam)/iu,
  /(?<!\p{L})(?:во вложени|в приложени|вложени[ие]|прилагаю|прикрепл|прикладываю)/iu,
];

/** The words the writer added: quoted lines promise nothing. */
const own = (text: string): string =>
  text
    .split('\n')
    .filter((line) => !line.startsWith('>'))
    .join('\n');

export const promisesFile = (text: string): boolean => {
  const said = own(text);
  return PROMISED.some((pattern) => pattern.test(said));
};

/** Texts shorter than this say nothing sure about their language. */
export const LANGUAGE_FROM = 40;

export const sameLanguage = (one: string, other: string): boolean =>
  one.slice(0, 2).toLowerCase() === other.slice(0, 2).toLowerCase();
