// Style sheets of the shadow root; parts that come later bring their own.
let root: ShadowRoot | undefined;
const early: CSSStyleSheet[] = [];

export function dress(shadow: ShadowRoot): void {
  root = shadow;
  root.adoptedStyleSheets = [...early];
}

export function adopt(css: string): void {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(css);
  if (root) root.adoptedStyleSheets = [...root.adoptedStyleSheets, sheet];
  else early.push(sheet);
}
