// The look: adopted by the shadow root, so the page's policy needs no inline styles.

export const css = `
:host{all:initial}
*,*::before{box-sizing:border-box}
.root{--bg:#fff;--fg:#0f172a;--soft:#f1f5f9;--mine:#dbeafe;--line:#cbd5e1;--dim:#475569;--warn:#fef3c7;
--warnfg:#713f12;--bad:#b91c1c;--focus:#b45309;color-scheme:light;position:fixed;bottom:20px;z-index:2147483000;
font:15px/1.45 system-ui,-apple-system,"Segoe UI",Roboto,sans-serif;color:var(--fg)}
.right{right:20px}.left{left:20px}
button,input,textarea{font:inherit;color:inherit}
button{cursor:pointer;border:0;background:none;min-width:44px;min-height:44px;border-radius:10px}
button[disabled]{opacity:.5;cursor:default}
:focus-visible{outline:3px solid var(--focus);outline-offset:2px}
.launcher{width:60px;height:60px;border-radius:50%;background:var(--c);color:var(--on);position:relative;
box-shadow:0 4px 16px #0005;display:block;margin-inline-start:auto}
.left .launcher{margin-inline-start:0}
.badge{position:absolute;top:-4px;right:-4px;background:var(--bad);color:#fff;border-radius:12px;
min-width:24px;padding:0 6px;font-weight:600;font-size:14px;line-height:24px;text-align:center}
.panel{display:flex;flex-direction:column;position:absolute;bottom:76px;width:min(380px,calc(100vw - 40px));
height:min(620px,calc(100dvh - 110px));background:var(--bg);border:1px solid var(--line);border-radius:14px;
box-shadow:0 8px 40px #0005;overflow:hidden}
.right .panel{right:0}.left .panel{left:0}
header{display:flex;align-items:center;gap:8px;background:var(--c);color:var(--on);padding:6px 8px 6px 16px}
header div{flex:1;min-width:0}
h2{font-size:17px;margin:0;font-weight:600;overflow:hidden;text-overflow:ellipsis;white-space:nowrap}
header p{margin:0;font-size:13px}
header :focus-visible{outline-color:currentColor}
.note{margin:0;padding:8px 14px;background:var(--warn);color:var(--warnfg);font-size:14px}
.note button{text-decoration:underline;min-height:24px;padding:0 4px}
.log{flex:1;overflow:auto;padding:14px;overscroll-behavior:contain}
.line{max-width:82%;width:fit-content;background:var(--soft);border-radius:14px;padding:8px 12px;margin:0 0 8px}
.line.me{margin-inline-start:auto;background:var(--mine)}
.line.system,.line.hint{max-width:100%;margin-inline:auto;background:none;color:var(--dim);font-size:14px;text-align:center}
.line b{display:block;font-size:13px;color:var(--dim);font-weight:600}
.line p{margin:0;white-space:pre-wrap;overflow-wrap:anywhere}
.line a{color:inherit;text-decoration:underline}
.file{display:flex;align-items:center;gap:6px;text-align:start;text-decoration:underline;padding:4px 0;
overflow-wrap:anywhere}
.foot{display:flex;gap:6px;justify-content:flex-end;align-items:center;font-size:12px;color:var(--dim)}
.foot .bad{color:var(--bad);font-weight:600}
.foot button{min-height:24px;min-width:24px;text-decoration:underline;padding:0 2px}
.foot svg{width:16px;height:16px}
.tick.read{color:var(--link)}
.root{--link:#1d4ed8}
form{display:flex;align-items:flex-end;gap:2px;border-top:1px solid var(--line);padding:4px}
textarea{flex:1;border:0;background:none;padding:10px 6px;resize:none;max-height:140px;min-height:44px;outline-offset:-3px;
border-radius:8px}
.chips{display:flex;flex-wrap:wrap;gap:6px;padding:6px 12px 0}
.chip{display:flex;align-items:center;background:var(--soft);border-radius:8px;padding-inline-start:10px;font-size:14px;
max-width:100%;overflow-wrap:anywhere}
.chip button{min-height:32px;min-width:32px}
.mail{border-top:1px solid var(--line);padding:8px 14px;font-size:14px}
.mail form{border:0;padding:6px 0 0;gap:8px;flex-wrap:wrap}
.mail p{margin:0}
.mail label{display:block;font-weight:600;width:100%}
.mail input{flex:1;min-width:120px;min-height:44px;padding:0 10px;border:1px solid var(--dim);border-radius:8px;
background:var(--bg)}
.mail .bad{color:var(--bad)}
.plain{text-decoration:underline;padding:0 4px;min-height:32px}
.main{background:var(--c);color:var(--on);padding:0 14px}
.dots{display:inline-flex;gap:4px;padding:4px 0}
.dots i{width:7px;height:7px;border-radius:50%;background:var(--dim);animation:dot 1.2s infinite}
.dots i:nth-child(2){animation-delay:.2s}.dots i:nth-child(3){animation-delay:.4s}
@keyframes dot{0%,60%,100%{opacity:.3}30%{opacity:1}}
.hidden{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap}
@media (max-width:600px){.open{inset:0;bottom:0}.open .panel{position:fixed;inset:0;width:auto;height:auto;border:0;
border-radius:0}.open .launcher{display:none}}
@media (prefers-color-scheme:dark){.root{--bg:#0f172a;--fg:#f1f5f9;--soft:#1e293b;--mine:#1e3a8a;--line:#334155;
--dim:#cbd5e1;--warn:#422006;--warnfg:#fde68a;--bad:#fca5a5;--focus:#fbbf24;--link:#93c5fd;color-scheme:dark}
.badge{background:#b91c1c}}
@media (prefers-reduced-motion:reduce){.dots i{animation:none}}
@media (prefers-reduced-motion:no-preference){.panel{animation:rise .15s}
@keyframes rise{from{opacity:0;transform:translateY(8px)}}}
@media print{.root{display:none}}
`;

const FALLBACK = '#1d4ed8';

/** The account's colour and the text colour that is readable on it (WCAG contrast). */
export function colours(wish: string | undefined): { '--c': string; '--on': string } {
  const colour = /^#[0-9a-f]{6}$/i.test(wish ?? '') ? (wish as string) : FALLBACK;
  const [r, g, b] = [1, 3, 5].map((at) => {
    const part = parseInt(colour.slice(at, at + 2), 16) / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  }) as [number, number, number];
  const light = 0.2126 * r + 0.7152 * g + 0.0722 * b;
  return {
    '--c': colour,
    '--on': 1.05 / (light + 0.05) >= (light + 0.05) / 0.05 ? '#fff' : '#000',
  };
}
