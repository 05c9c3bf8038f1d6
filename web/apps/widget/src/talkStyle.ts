// The look of a Case and of what is reached from it.
export const talkCss = `
.bar{display:flex;align-items:center;gap:4px;padding:6px;background:var(--c);color:var(--on);min-height:58px}
.bar .face{background:#fff3;color:inherit;margin-inline-end:4px}
.bar>p{flex:1;padding:0 10px}
.bar .two{flex:1}
.bar h2{font-size:16px;font-weight:600}
.bar .two span{color:inherit;font-size:13px}
.log{flex:1;overflow:auto;padding:14px 14px 4px;overscroll-behavior:contain;outline-offset:-3px}
.line{max-width:84%;width:fit-content;margin:0 0 2px;display:flex;flex-direction:column}
.line.new{margin-top:12px}
.line.me{margin-inline-start:auto;align-items:flex-end}
.line>p,.dots{background:var(--soft);border-radius:16px;padding:8px 13px;white-space:pre-wrap;overflow-wrap:anywhere;
border-end-start-radius:5px;unicode-bidi:plaintext}
.line.me>p{background:var(--c);color:var(--on);border-end-start-radius:16px;border-end-end-radius:5px}
.line.me.failed>p{background:none;color:var(--fg);box-shadow:inset 0 0 0 1.5px var(--bad)}
.line b{font-size:13px;color:var(--dim);font-weight:600;padding:0 4px 3px}
.line a{color:inherit;text-decoration:underline}
.line.system{max-width:100%;width:auto;margin:14px 0;text-align:center;align-items:stretch}
.line.system p{background:none;color:var(--dim);font-size:13px;padding:0}
.line.joined p{display:inline-flex;align-self:center;align-items:center;gap:8px;background:var(--soft);color:var(--fg);
font-weight:600;border-radius:20px;padding:5px 14px 5px 6px}
.line.joined .face{width:26px;height:26px;background:var(--c);color:var(--on);font-size:13px}
.day{text-align:center;font-size:12px;color:var(--dim);margin:12px 0 4px;font-weight:600}
.foot{display:flex;gap:6px;align-items:center;font-size:12px;color:var(--dim);padding:2px 4px 0;flex-wrap:wrap}
.foot .bad{font-weight:600}
.foot button{text-decoration:underline;padding:0 6px}
.foot svg{width:16px;height:16px}
.tick.read{color:var(--a)}
.tick.failed{color:var(--bad)}
.file{display:flex;align-items:center;gap:8px;text-align:start;padding:8px 12px;overflow-wrap:anywhere;font-size:14px;
border:1px solid var(--edge);margin-top:3px;max-width:100%;background:var(--bg)}
.file svg{width:18px;height:18px;color:var(--dim)}
.photo{padding:0;margin-top:3px;border-radius:14px;overflow:hidden;background:var(--soft);display:block}
.photo canvas{display:block;max-width:240px;max-height:240px}
.dots{display:inline-flex;gap:5px;padding:13px 14px}
.dots i{width:7px;height:7px;border-radius:50%;background:var(--dim)}
.card{border:1px solid var(--edge);border-radius:16px;padding:14px 16px;margin:14px 0 10px;text-align:start}
.card h3{padding:0 0 4px;font-size:15px;color:var(--fg)}
.card p{font-size:14px;color:var(--dim)}
.card p.big{color:var(--fg);font-weight:600;font-size:15px}
.card .bad{color:var(--bad)}
.card form{display:flex;flex-wrap:wrap;gap:8px;align-items:center;margin-top:8px}
.card label{display:block;font-weight:600;font-size:14px;width:100%}
.card input[type=email],.card input[name=value],.card textarea{flex:1 1 150px;min-height:44px;padding:0 12px;
border:1px solid var(--line);border-radius:12px;background:var(--bg);min-width:0}
.card textarea{flex-basis:100%;padding:10px 12px}
.card input:focus,.card textarea:focus,.card :focus-visible:is(input,textarea){border-color:var(--ring);box-shadow:0 0 0 1px var(--ring);outline:0}
.main{background:var(--c);color:var(--on);padding:0 18px;font-weight:600}
.second{border:1px solid var(--line);padding:0 16px;font-weight:600}
.card p+p{margin-top:6px}
.card p+.plain,.card p+.second{margin-top:6px}
.card p+.main{margin:10px 8px 0 0}
.card .plain{margin-inline-start:-10px;text-align:start}
.stars{display:flex;border:0;padding:0;margin:6px 0 0 -8px;min-width:0}
.stars label{width:44px;height:44px;display:grid;place-items:center;cursor:pointer;position:relative;color:var(--line);
border-radius:12px}
.stars input{position:absolute;inset:0;opacity:0;margin:0;cursor:pointer}
.stars .on{color:#b45309}
.dark .stars .on{color:#fbbf24}
.stars .on path{fill:currentColor}
.stars label:has(:focus-visible){outline:3px solid var(--ring)}
.stars svg{width:28px;height:28px}
.places{flex:1;overflow:auto;padding:2px 14px}
.places .card{display:grid;grid-template-columns:auto 1fr;gap:0 14px}
.places .card>svg{margin:2px 0 0;color:var(--dim)}
.places .card>div{min-width:0}
.places .leave{display:block}
.leave label,.leave legend{display:block;font-weight:600;font-size:14px;width:auto;margin:12px 0 4px;padding:0}
.leave legend{margin-top:0}
.leave>input,.leave>select,.leave>textarea{display:block;width:100%;min-height:44px;padding:0 12px;border:1px solid var(--line);
border-radius:12px;background:var(--bg);color:inherit;font:inherit}
.leave>textarea{padding:10px 12px}
.leave>select:focus-visible{border-color:var(--ring);box-shadow:0 0 0 1px var(--ring);outline:0}
.leave>.main{margin-top:16px;width:100%}
.leave>.bad{margin-top:10px}
.ways{border:0;margin:12px 0 0;padding:0;min-width:0}
.ways label{display:flex;align-items:center;gap:10px;min-height:44px;margin:0;font-weight:400;cursor:pointer}
.ways input{width:18px;height:18px;margin:0;accent-color:var(--a)}
.perhaps{padding:12px 12px 0}
.perhaps:empty{display:none}
.perhaps a{display:block;color:var(--a);font-weight:600;padding:10px 8px;min-height:44px;border-radius:12px;overflow-wrap:anywhere}
.perhaps a:hover{background:var(--soft)}
.qr{display:block;width:168px;height:168px;margin:12px auto 6px;background:#fff;border-radius:10px}
.url{font:12px/1.5 ui-monospace,monospace;overflow-wrap:anywhere;user-select:all}
@media (prefers-reduced-motion:no-preference){.dots i{animation:dot 1.2s infinite}
.dots i:nth-child(2){animation-delay:.2s}.dots i:nth-child(3){animation-delay:.4s}
@keyframes dot{0%,60%,100%{opacity:.3}30%{opacity:1}}}
@media (forced-colors:active){.line>p{border:1px solid}}
`;
