// Cuts a text at given words, keeping them: the longest one wins where several fit.

export function splitAt(text: string, words: readonly string[]): string[] {
  const longest = [...words].sort((a, b) => b.length - a.length);
  const parts: string[] = [];
  let plain = '';
  for (let at = 0; at < text.length;) {
    const word = longest.find((one) => one && text.startsWith(one, at));
    if (word) {
      if (plain) parts.push(plain);
      parts.push(word);
      plain = '';
      at += word.length;
    } else {
      plain += text[at] ?? '';
      at += 1;
    }
  }
  if (plain) parts.push(plain);
  return parts;
}
