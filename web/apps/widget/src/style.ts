// The look: adopted by the shadow root, so the page's policy needs no inline styles.

export const css = `
:host{all:initial}
*,*::before{box-sizing:border-box}
.root{--bg:#fff;--fg:#0f172a;--soft:#f1f5f9;--edge:#e2e8f0;--line:#94a3b8;--dim:#475569;--warn:#fef3c7;--warnfg:#713f12;
--bad:#b91c1c;--good:#15803d;--shade:0 12px 48px #0f172a38,0 2px 8px #0f172a1f;color-scheme:light;position:fixed;bottom:20px;
z-index:2147483000;font:15px/1.45 system-ui,-apple-system,"Segoe UI",Roboto,sans-serif;color:var(--fg);text-align:start}
.right{right:20px}.left{left:20px}
.dark{--bg:#111827;--fg:#f1f5f9;--soft:#1f2937;--edge:#2b3648;--line:#64748b;--dim:#b6c2d3;--warn:#3d2806;--warnfg:#fde68a;
--bad:#fca5a5;--good:#86efac;--shade:0 12px 48px #000a;color-scheme:dark}
button,input,textarea{font:inherit;color:inherit}
button{cursor:pointer;border:0;background:none;min-width:44px;min-height:44px;padding:0;border-radius:12px}
button[disabled]{opacity:.5;cursor:default}
svg{display:block;margin:auto;flex:none}
:focus-visible{outline:3px solid var(--ring);outline-offset:2px}
h2,h3,p,ul{margin:0;padding:0;list-style:none}
.launcher{display:flex;align-items:center;gap:10px;min-width:60px;height:60px;border-radius:30px;background:var(--c);
color:var(--on);position:relative;box-shadow:0 6px 20px #0f172a40;margin-inline-start:auto;padding:0 18px;font-weight:600}
.left .launcher{margin-inline-start:0}
.badge{background:#b91c1c;color:#fff;border-radius:12px;min-width:22px;padding:0 6px;font-weight:600;font-size:13px;
line-height:22px;text-align:center;flex:none}
.launcher .badge{position:absolute;top:-5px;inset-inline-end:-4px;box-shadow:0 0 0 2px var(--bg)}
.panel{display:flex;flex-direction:column;position:absolute;bottom:76px;width:min(400px,calc(100vw - 40px));
height:min(660px,calc(100dvh - 116px));background:var(--bg);border-radius:18px;box-shadow:var(--shade),0 0 0 1px var(--edge);
overflow:hidden}
.panel.compact{height:auto;max-height:calc(100dvh - 116px)}
.right .panel{right:0}.left .panel{left:0}
.hero{background:var(--c);color:var(--on);padding:10px 12px 22px 20px}
.hero :focus-visible,.bar :focus-visible{outline-color:currentColor;outline-offset:-3px}
.brand{display:flex;align-items:center;gap:10px;min-height:44px;font-weight:600}
.brand span{flex:1;min-width:0;overflow:hidden;text-overflow:ellipsis;white-space:nowrap}
.brand canvas{height:28px;max-width:140px}
.hero h2{font-size:25px;line-height:1.2;font-weight:650;letter-spacing:-.01em;margin:14px 0 0;text-wrap:balance;
padding-inline-end:12px}
.hero p{margin-top:8px;font-size:14px;display:flex;gap:8px;align-items:baseline}
.hero p i{width:8px;height:8px;border-radius:50%;background:currentColor;flex:none}
.hero .shut i{background:none;box-shadow:inset 0 0 0 2px currentColor}
.body{flex:1;overflow:auto;padding:14px 12px;overscroll-behavior:contain}
h3{font-size:13px;font-weight:600;color:var(--dim);padding:2px 8px 6px}
.matter{display:flex;width:100%;gap:12px;align-items:center;text-align:start;padding:10px 8px;min-height:64px}
.matter:hover,.plain:hover,.tool:hover{background:var(--soft)}
.face{width:36px;height:36px;border-radius:50%;background:var(--soft);color:var(--dim);display:grid;place-items:center;
font-weight:600;flex:none}
.matter .face{background:var(--c);color:var(--on)}
.matter.over .face{background:var(--soft);color:var(--dim)}
.face svg{width:20px;height:20px}
.two{flex:1;min-width:0;display:block}
.two>*{display:block;overflow:hidden;text-overflow:ellipsis;white-space:nowrap}
.two b{font-weight:600}.two span{font-size:14px;color:var(--dim)}
.side{display:flex;flex-direction:column;align-items:flex-end;gap:4px;font-size:12px;color:var(--dim);align-self:flex-start;
padding-top:3px}
.note{padding:9px 16px;background:var(--warn);color:var(--warnfg);font-size:14px}
.note button{text-decoration:underline;font-weight:600;padding:0 6px}
.pen{padding:10px 12px 12px}
.pen form{display:flex;align-items:flex-end;flex-wrap:wrap;gap:2px;border:1px solid var(--line);border-radius:16px;padding:3px;
background:var(--bg)}
.pen form:focus-within{border-color:var(--ring);box-shadow:0 0 0 1px var(--ring)}
textarea{flex:1 1 120px;border:0;background:none;padding:10px 8px;resize:none;max-height:160px;min-height:44px;line-height:1.5}
textarea:focus-visible,.panel:focus-visible,h2:focus-visible,p:focus-visible{outline:0}
textarea::placeholder{color:var(--dim);opacity:1}
.pen.tall textarea{flex-basis:100%;min-height:76px}
.pen.tall .go{margin-inline-start:auto}
.tool{color:var(--dim)}
.go{background:var(--c);color:var(--on);border-radius:13px}
.tool.camera{display:none}
@media (pointer:coarse){.tool.camera{display:block}}
.drop .pen form{border:2px dashed var(--ring);background:var(--soft)}
.chips{display:flex;flex-wrap:wrap;gap:6px;padding:0 2px 8px;font-size:14px;align-items:center}
.chip{display:flex;align-items:center;background:var(--soft);border-radius:10px;padding-inline-start:12px;max-width:100%;
overflow-wrap:anywhere}
.chip svg{width:16px;height:16px}
.bad{color:var(--bad)}
.plain{color:var(--a);font-weight:600;padding:0 10px}
.hidden{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap}
[dir=rtl] .turn{transform:scaleX(-1)}
@media (max-width:600px){.open{inset:0;bottom:0}.open .panel,.open .panel.compact{position:fixed;inset:0;width:auto;height:auto;
max-height:none;border-radius:0}.open .launcher{display:none}}
@media (forced-colors:active){.panel,.launcher,.go,.face{border:1px solid}}
@media (prefers-reduced-motion:no-preference){.panel{animation:rise .18s cubic-bezier(.2,.8,.3,1)}
.launcher{transition:transform .15s}.launcher:hover{transform:scale(1.04)}
@keyframes rise{from{opacity:0;transform:translateY(10px)}}}
@media print{.root{display:none}}
`;

export const FALLBACK = '#1d4ed8';

type Rgb = readonly [number, number, number];

const parts = (hex: string): Rgb =>
  [1, 3, 5].map((at) => parseInt(hex.slice(at, at + 2), 16)) as unknown as Rgb;

function light([r, g, b]: Rgb): number {
  const [x, y, z] = [r, g, b].map((one) => {
    const part = one / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  }) as [number, number, number];
  return 0.2126 * x + 0.7152 * y + 0.0722 * z;
}

export function contrast(a: Rgb, b: Rgb): number {
  const [x, y] = [light(a), light(b)].sort((p, q) => q - p) as [number, number];
  return (x + 0.05) / (y + 0.05);
}

/** Moves a colour towards black or white until it can be read on the ground (WCAG contrast). */
function readable(colour: Rgb, ground: Rgb, wanted: number): string {
  const goal = light(ground) > 0.3 ? 0 : 255;
  let now = colour;
  for (let step = 0; step < 20 && contrast(now, ground) < wanted; step += 1)
    now = now.map((one) => Math.round(one + (goal - one) * 0.12)) as unknown as Rgb;
  return `#${now.map((one) => one.toString(16).padStart(2, '0')).join('')}`;
}

/** The account's colour, the text readable on it, and its kin readable on our ground. */
export function colours(
  wish: string | undefined,
  dark = false,
): { '--c': string; '--on': string; '--a': string; '--ring': string } {
  const colour = /^#[0-9a-f]{6}$/i.test(wish ?? '') ? (wish as string) : FALLBACK;
  const rgb = parts(colour);
  const ground: Rgb = dark ? [31, 41, 55] : [241, 245, 249];
  const white = contrast(rgb, [255, 255, 255]) >= contrast(rgb, [0, 0, 0]);
  return {
    '--c': colour,
    '--on': white ? '#fff' : '#000',
    '--a': readable(rgb, ground, 4.6),
    '--ring': readable(rgb, ground, 3.2),
  };
}
