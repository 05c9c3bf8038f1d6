// Which command a key press means, on Latin and other layouts, and when it means none.

export interface Binding {
  /** Letter or name as printed on a Latin layout: "j", "Enter", "Mod+Enter", "Mod+Shift+A". */
  keys: string;
  command: string;
  /** Works inside text fields too (only combinations with Mod). */
  everywhere?: boolean;
}

interface Press {
  key: string;
  code: string;
  altKey: boolean;
  ctrlKey: boolean;
  metaKey: boolean;
  shiftKey: boolean;
  isComposing: boolean;
  defaultPrevented: boolean;
  target: EventTarget | null;
}

const EDITABLE = 'input, textarea, select, [contenteditable="true"]';

/** The letter a key stands for: as typed on Latin layouts, by place on others, digits by place. */
function letter(press: Press): string {
  if (/^Digit\d$/.test(press.code)) return press.code.slice(5);
  const typed = press.key.length === 1 ? press.key.toLowerCase() : press.key;
  if (typed.length === 1 && /[^\u0000-\u024f]/.test(typed) && /^Key[A-Z]$/.test(press.code)) {
    return press.code.slice(3).toLowerCase();
  }
  return typed;
}

export function match(press: Press, bindings: readonly Binding[]): string | undefined {
  if (press.defaultPrevented || press.isComposing || press.key === 'Dead' || press.altKey) {
    return undefined;
  }
  const mod = press.ctrlKey || press.metaKey;
  const inField = press.target instanceof Element && press.target.matches(EDITABLE);
  const name = letter(press);
  for (const binding of bindings) {
    if (inField && !(binding.everywhere && mod)) continue;
    const parts = binding.keys.split('+');
    const wanted = parts[parts.length - 1] ?? '';
    const wantedName = wanted.length === 1 ? wanted.toLowerCase() : wanted;
    if (parts.includes('Mod') !== mod || wantedName !== name) continue;
    if (/^[a-z]$/.test(wantedName) || wanted.length > 1) {
      if (parts.includes('Shift') !== press.shiftKey) continue;
    }
    return binding.command;
  }
  return undefined;
}
