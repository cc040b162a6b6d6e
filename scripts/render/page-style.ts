/** CSS of every page, for light and dark mode, phones and print. It loads nothing. */
export const PAGE_STYLE = `
:root{color-scheme:light dark;--ink:#1a2230;--page:#f4f6f9;--card:#fff;--line:#dce1e8;--dim:#566173;--stable:#2563b0;--canary:#a8650a;--lost:#c2341f;--good:#1f7a4a;--odd:#7444a3;--lost-soft:#fbe9e6;--good-soft:#e4f4ea;--odd-soft:#f1e9f8}
@media (prefers-color-scheme:dark){:root{--ink:#e6ebf2;--page:#0f1318;--card:#181e26;--line:#2c3542;--dim:#9aa7b8;--stable:#74b0f4;--canary:#e8b04a;--lost:#ff8674;--good:#6bcf97;--odd:#c6a0ee;--lost-soft:#3a1f1b;--good-soft:#17301f;--odd-soft:#2b2138}}
*{box-sizing:border-box}
body{margin:0;background:var(--page);color:var(--ink);font:16px/1.55 system-ui,-apple-system,"Segoe UI",Roboto,sans-serif}
main{max-width:76rem;margin:0 auto;padding:1.5rem 1rem 3rem}
h1{font-size:1.7rem;line-height:1.2;margin:0 0 .25rem;letter-spacing:-.01em}
h2{font-size:1.15rem;margin:0;display:flex;gap:.6rem;align-items:center;flex-wrap:wrap}
p{margin:.6rem 0}.lead{color:var(--dim);margin:0 0 1.25rem}
section,.card{background:var(--card);border:1px solid var(--line);border-radius:12px;padding:1.1rem 1.25rem;margin:0 0 1rem}
.scroll{overflow-x:auto}table{border-collapse:collapse;width:100%;font-variant-numeric:tabular-nums}
th{font-size:.78rem;font-weight:600;color:var(--dim)}
th,td{text-align:left;padding:.4rem 1rem .4rem 0;border-bottom:1px solid var(--line);vertical-align:top}tr:last-child td{border-bottom:0}
.n{text-align:right;white-space:nowrap}a{color:var(--stable)}
.badge{font-size:.8rem;font-weight:600;padding:.1rem .6rem;border-radius:99px;background:var(--odd-soft);color:var(--odd);white-space:nowrap}
.badge.aborted{background:var(--lost-soft);color:var(--lost)}.badge.promoted{background:var(--good-soft);color:var(--good)}
.facts{display:flex;flex-wrap:wrap;gap:.4rem 2rem;margin:.9rem 0}.facts div{min-width:5rem}.facts dt{font-size:.78rem;color:var(--dim)}.facts dd{margin:0;font-size:1.15rem;font-weight:600;font-variant-numeric:tabular-nums}
.gates{display:grid;gap:1rem;grid-template-columns:repeat(auto-fit,minmax(min(100%,30rem),1fr))}.gates section{margin:0}
.charts{display:grid;gap:1.1rem 1.5rem;grid-template-columns:repeat(auto-fit,minmax(min(100%,19rem),1fr));margin:1rem 0 .5rem}
figure{margin:0}figcaption{font-size:.85rem;font-weight:600}.key{font-weight:400;color:var(--dim);margin-left:.75em;white-space:nowrap}svg{width:100%;height:auto;display:block}
.key::before{content:"";display:inline-block;width:.7em;height:.7em;margin-right:.35em;border-radius:2px;background:var(--mark)}
.weight,.stable{--mark:var(--stable)}.canary{--mark:var(--canary)}.lost{--mark:var(--lost)}.good{--mark:var(--good)}.odd{--mark:var(--odd)}
.grid{stroke:var(--line)}.limit{stroke:var(--lost);stroke-dasharray:5 4}.decided{stroke:var(--dim);stroke-dasharray:2 3}
text{font:11px system-ui,sans-serif;fill:var(--dim)}.tick{text-anchor:middle}.level{text-anchor:end}
path{fill:none;stroke:var(--mark);stroke-width:2}path.area{stroke-width:1;fill:var(--mark);fill-opacity:.3}circle{fill:var(--mark)}
.fine,details{font-size:.85rem;color:var(--dim)}code{overflow-wrap:anywhere;font-size:.9em}
.heat caption{text-align:left;color:var(--dim);font-size:.85rem;padding-bottom:.4rem}.heat td{background:color-mix(in srgb,var(--lost) calc(var(--share)*.55),transparent);padding:.35rem .6rem;border:1px solid var(--line)}
@media (max-width:30rem){table{font-size:.85rem}th,td{padding-right:.6rem}section,.card{padding:1rem}}
@media print{body{background:#fff}section{break-inside:avoid}}
`.trim();
