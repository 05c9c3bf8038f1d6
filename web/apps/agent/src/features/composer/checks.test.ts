// A promised file is noticed in four languages; quoted lines and innocent words are not.
import { expect, it } from 'vitest';
import { promisesFile, sameLanguage } from './checks';

it.each([
  'Please see the attached form.',
  'I am attaching it.',
  'Smlouvu najdete v příloze.',
  'Přikládám fakturu.',
  'V priloze posilam formular.',
  'Faktura jest w załączniku.',
  'W załączeniu przesyłam umowę.',
  'Załączam dokument.',
  'Договор во вложении.',
  'Прилагаю счёт.',
  'Файл прикреплён.',
])('notices a promise in %j', (text) => expect(promisesFile(text)).toBe(true));

it.each([
  'Your parcel is on its way.',
  '> see attached\nThank you.',
  'Příležitost je zítra.',
  'Załoga jest w drodze.',
  'Приложение обновлено.',
  '',
])('sees none in %j', (text) => expect(promisesFile(text)).toBe(false));

it('compares languages by their first letters', () => {
  expect(sameLanguage('cs-CZ', 'cs')).toBe(true);
  expect(sameLanguage('cs', 'sk')).toBe(false);
});
