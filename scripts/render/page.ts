import { escapeHtml } from './chart.ts';

/** A page that needs nothing else: no script, no font, no network. `body` is HTML. */
export function renderPage(title: string, body: string): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeHtml(title)}</title>
<style>${STYLE}</style>
</head>
<body>
<main>
<h1>${escapeHtml(title)}</h1>
${body}
</main>
</body>
</html>
`;
}

const STYLE = `
:root{color-scheme:light dark;--ink:#1c2430;--paper:#fff;--line:#d5dae1;--dim:#5b6675;--stable:#2f6fb2;--canary:#b8860b;--lost:#c0392b;--good:#2e7d4f;--odd:#7d4fa8}
@media (prefers-color-scheme:dark){:root{--ink:#e4e9f0;--paper:#14181e;--line:#333c48;--dim:#98a4b3;--stable:#6fb1f2;--canary:#e3b341;--lost:#ff7b6b;--good:#63c48b;--odd:#c39bee}}
body{margin:0;background:var(--paper);color:var(--ink);font:16px/1.5 system-ui,sans-serif}
main{max-width:84rem;margin:0 auto;padding:1rem}
h1{font-size:1.6rem;margin:.5rem 0}h2{font-size:1.2rem;margin:2rem 0 .2rem}
.scroll{overflow-x:auto}table{border-collapse:collapse;width:100%}
th,td{text-align:left;padding:.25rem .75rem .25rem 0;border-bottom:1px solid var(--line);vertical-align:top}.n{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}
a{color:var(--stable)}small{font-size:.8rem;font-weight:normal;color:var(--dim)}small.aborted{color:var(--lost)}small.promoted{color:var(--good)}
.charts{display:grid;gap:1rem;grid-template-columns:repeat(auto-fit,minmax(min(100%,22rem),1fr))}
figure{margin:0}figcaption{font-size:.85rem;color:var(--dim)}svg{width:100%;height:auto;display:block}
.key{margin-left:.75em;white-space:nowrap}.key::before{content:"";display:inline-block;width:.7em;height:.7em;margin-right:.3em;background:currentColor}
.key.weight,.key.stable{color:var(--stable)}.key.canary{color:var(--canary)}.key.lost{color:var(--lost)}.key.good{color:var(--good)}.key.odd{color:var(--odd)}
.grid{stroke:var(--line)}.limit{stroke:var(--lost);stroke-dasharray:5 4}
text{font:11px system-ui,sans-serif;fill:var(--dim)}.tick{text-anchor:middle}.level{text-anchor:end}
path{fill:none;stroke-width:2}path.weight,path.stable{stroke:var(--stable)}path.canary{stroke:var(--canary)}path.lost{stroke:var(--lost)}
path.area{stroke-width:1;fill-opacity:.35}path.area.stable{fill:var(--stable)}path.area.lost{fill:var(--lost)}
circle.good{fill:var(--good)}circle.lost{fill:var(--lost)}circle.odd{fill:var(--odd)}
.fine,details{font-size:.85rem;color:var(--dim)}code{overflow-wrap:anywhere}
.heat caption{text-align:left;color:var(--dim);font-size:.85rem}
.heat td{background:color-mix(in srgb,var(--lost) calc(var(--share)*.6),transparent);padding:.25rem .5rem;border:1px solid var(--line)}
`.trim();
