// What rich mail may hold: paragraphs, lists, quotes, links, bold, italic, pictures; no more.

import { Schema, type DOMOutputSpec, type Mark, type Node } from 'prosemirror-model';

const P: DOMOutputSpec = ['p', 0];

const safe = (href: string): boolean => /^(?:https?:|mailto:|tel:)/i.test(href);

export const schema = new Schema({
  nodes: {
    doc: { content: 'block+' },
    paragraph: { content: 'inline*', group: 'block', parseDOM: [{ tag: 'p' }], toDOM: () => P },
    blockquote: {
      content: 'block+',
      group: 'block',
      parseDOM: [{ tag: 'blockquote' }],
      toDOM: () => ['blockquote', 0],
    },
    ordered_list: {
      content: 'list_item+',
      group: 'block',
      parseDOM: [{ tag: 'ol' }],
      toDOM: () => ['ol', 0],
    },
    bullet_list: {
      content: 'list_item+',
      group: 'block',
      parseDOM: [{ tag: 'ul' }],
      toDOM: () => ['ul', 0],
    },
    list_item: {
      content: 'paragraph block*',
      defining: true,
      parseDOM: [{ tag: 'li' }],
      toDOM: () => ['li', 0],
    },
    text: { group: 'inline' },
    hard_break: {
      inline: true,
      group: 'inline',
      selectable: false,
      parseDOM: [{ tag: 'br' }],
      toDOM: () => ['br'],
    },
    image: {
      inline: true,
      group: 'inline',
      draggable: true,
      attrs: { cid: { validate: 'string' }, alt: { default: '', validate: 'string' } },
      parseDOM: [
        {
          tag: 'img[src^="cid:"]',
          getAttrs: (dom) => ({
            cid: (dom.getAttribute('src') ?? '').slice(4),
            alt: dom.getAttribute('alt') ?? '',
          }),
        },
      ],
      toDOM: (node: Node) => [
        'img',
        { src: `cid:${String(node.attrs.cid)}`, alt: String(node.attrs.alt) },
      ],
    },
  },
  marks: {
    link: {
      attrs: { href: { validate: 'string' } },
      inclusive: false,
      parseDOM: [
        {
          tag: 'a[href]',
          getAttrs: (dom) => {
            const href = dom.getAttribute('href') ?? '';
            return safe(href) ? { href } : false;
          },
        },
      ],
      toDOM: (mark: Mark) => ['a', { href: String(mark.attrs.href) }, 0],
    },
    em: { parseDOM: [{ tag: 'i' }, { tag: 'em' }], toDOM: () => ['em', 0] },
    strong: { parseDOM: [{ tag: 'b' }, { tag: 'strong' }], toDOM: () => ['strong', 0] },
  },
});

/** An address as somebody typed it, made one that can be opened; undefined when it is none. */
export function address(typed: string): string | undefined {
  const text = typed.trim();
  if (safe(text)) return text;
  if (/^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(text)) return `mailto:${text}`;
  return /^[^\s/]+\.[^\s]{2,}$/.test(text) ? `https://${text}` : undefined;
}
