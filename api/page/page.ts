interface PageOptions {
  readonly version: string;
  readonly revision: string;
  readonly hasFaults: boolean;
}

/**
 * The page people watch during a canary, as HTML. Its scripts and style are files of their own: nothing is inline.
 * Every address in it is relative, so that it works behind any path prefix that ends in a slash.
 */
export function renderPage({ version, revision, hasFaults }: PageOptions): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>sample-api ${escapeHtml(version)}</title>
<link rel="icon" href="data:image/svg+xml,${ICON}">
<link rel="stylesheet" href="assets/page.css">
<script type="module" src="assets/page.js"></script>
${hasFaults ? '<script type="module" src="assets/faults.js"></script>\n' : ''}</head>
<body>
<main>
<p class="bare">Without its style and script this page shows nothing: its address must end in a slash.</p>
<noscript><p>This page needs JavaScript.</p></noscript>
<header>
<h1>sample-api</h1>
<div role="status">
<p id="headline">Waiting for the first answer.</p>
<p id="trouble"></p>
</div>
</header>
<section aria-labelledby="answers">
<h2 id="answers">The last 200 requests</h2>
<div id="squares" role="img" aria-label="No request answered yet"></div>
<p class="hint">One square a request, four a second while this page is in view, the newest just before the gap. A cross is a request that failed.</p>
</section>
<section aria-labelledby="split">
<h2 id="split">Who answered in the last minute</h2>
<div id="bar" aria-hidden="true"></div>
<ul id="versions"></ul>
</section>
${hasFaults ? FAULTS : ''}<footer><p>This page was served by version <strong>${escapeHtml(version)}</strong>, revision <code>${escapeHtml(revision)}</code>.</p></footer>
</main>
</body>
</html>
`;
}

/** Three squares of one version and one of another. */
const ICON = encodeURIComponent(
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 16"><path fill="#2f6fde" d="M1 1h6v6H1zM9 1h6v6H9zM1 9h6v6H1z"/><path fill="#c2560c" d="M9 9h6v6H9z"/></svg>',
);

const FAULTS = `<section aria-labelledby="faults">
<h2 id="faults">Faults of the pod that answers</h2>
<form id="sliders">
<fieldset disabled aria-labelledby="faults">
<p><label for="errors">Requests that fail</label><input type="range" id="errors" name="errorRatio" min="0" max="1" step="0.05" value="0"><span class="value" aria-hidden="true">0 %</span></p>
<p><label for="latency">Delay of each</label><input type="range" id="latency" name="latencySeconds" min="0" max="3" step="0.1" value="0"><span class="value" aria-hidden="true">0 s</span></p>
<button type="button" id="clear">Clear</button>
</fieldset>
<p id="set" class="hint" role="status">They act on one pod. Behind a balancer each change may reach another.</p>
</form>
</section>
`;

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
