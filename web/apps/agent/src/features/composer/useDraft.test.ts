// What stays in the composer when an answer has left while somebody went on writing.

import { describe, expect, it } from 'vitest';
import type { UploadedFile } from '@api/types';
import { unsent, type Words } from './useDraft';

const file = (id: string): UploadedFile => ({ id }) as UploadedFile;
const words = (text: string, more: Partial<Words> = {}): Words => ({
  text,
  html: undefined,
  files: [],
  ...more,
});

describe('what was not sent', () => {
  it('is nothing when nothing was added', () => {
    const all = words('Hello', { html: '<p>Hello</p>', files: [file('a')] });
    expect(unsent(all, all)).toEqual(words(''));
  });

  it('is what was typed after it', () => {
    expect(unsent(words('Hello PS'), words('Hello'))).toEqual(words(' PS'));
  });

  it('is all of it where it was changed within, or formatted', () => {
    expect(unsent(words('Hallo'), words('Hello'))).toEqual(words('Hallo'));
    const now = words('Hello PS', { html: '<p>Hello PS</p>' });
    expect(unsent(now, words('Hello', { html: '<p>Hello</p>' }))).toEqual(now);
  });

  it('keeps the files that came since', () => {
    const [first, second] = [file('a'), file('b')];
    const was = words('Hello', { files: [first] });
    expect(unsent(words('Hello', { files: [first, second] }), was)).toEqual(
      words('', { files: [second] }),
    );
  });
});
