// What is written rich comes back as it was, and nothing foreign gets in.
import { expect, it } from 'vitest';
import { fromHtml, fromText, toHtml, toText } from './convert';
import { address } from './schema';

const there = (html: string): string => toHtml(fromHtml(html));

it.each([
  '<p>Hello <strong>you</strong> and <em>me</em></p>',
  '<ul><li><p>one</p></li><li><p>two</p></li></ul>',
  '<ol><li><p>one</p></li></ol>',
  '<blockquote><p>said</p></blockquote>',
  '<p>see <a href="https://help.example/a">here</a></p>',
  '<p>a<br>b <img src="cid:0199-a" alt="plan"></p>',
])('keeps %s', (html) => expect(there(html)).toBe(html));

it.each([
  ['<p>x<script>alert(1)</script></p>', '<p>x</p>'],
  ['<p onclick="x()">x</p>', '<p>x</p>'],
  ['<a href="javascript:alert(1)">x</a>', '<p>x</p>'],
  ['<img src="https://track.example/p.png">', '<p></p>'],
  ['<h1>big</h1>', '<p>big</p>'],
])('takes what is foreign out of %s', (html, left) => expect(there(html)).toBe(left));

it('turns plain text into paragraphs and back', () => {
  const text = 'Dobrý den,\nděkujeme.\n\nJana';
  expect(toHtml(fromText(text))).toBe('<p>Dobrý den,<br>děkujeme.</p><p>Jana</p>');
  expect(toText(fromText(text))).toBe('Dobrý den,\nděkujeme.\nJana');
  expect(toText(fromText(''))).toBe('');
});

it.each([
  ['help.example/a', 'https://help.example/a'],
  ['https://x.example', 'https://x.example'],
  ['jana@desk.example', 'mailto:jana@desk.example'],
  ['javascript:alert(1)', undefined],
  ['hello', undefined],
])('reads the address %j', (typed, href) => expect(address(typed)).toBe(href));
