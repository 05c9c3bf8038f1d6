// From text and HTML to a document of the editor and back; the plain words of a document.

import { DOMParser as Reader, DOMSerializer, type Node } from 'prosemirror-model';
import { schema } from './schema';

/** Reads HTML somebody of us wrote; what the schema does not know falls away. */
export function fromHtml(html: string): Node {
  const page = new DOMParser().parseFromString(html, 'text/html');
  return Reader.fromSchema(schema).parse(page.body);
}

export function fromText(text: string): Node {
  const paragraphs = text.split(/\n{2,}/).map((block) => {
    const lines = block
      .split('\n')
      .flatMap((line, index) => [
        ...(index > 0 ? [schema.node('hard_break')] : []),
        ...(line === '' ? [] : [schema.text(line)]),
      ]);
    return schema.node('paragraph', null, lines);
  });
  return schema.node('doc', null, paragraphs);
}

export function toHtml(doc: Node): string {
  const holder = document.createElement('div');
  holder.append(DOMSerializer.fromSchema(schema).serializeFragment(doc.content));
  return holder.innerHTML;
}

/** The plain words, for the draft of colleagues and the limits; the server derives its own. */
export function toText(doc: Node): string {
  return doc.textBetween(0, doc.content.size, '\n', (leaf) =>
    leaf.type.name === 'hard_break' ? '\n' : '',
  );
}
