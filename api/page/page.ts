interface PageOptions {
  readonly version: string;
  readonly revision: string;
  readonly hasFaults: boolean;
}

/** The page people watch during a canary, as HTML. Its script and style are files of their own: nothing is inline. */
export function renderPage({ version, revision, hasFaults }: PageOptions): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>sample-api ${escapeHtml(version)}</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="assets/page.css">
<script type="module" src="assets/page.js"></script>
</head>
<body>
<main>
<h1>sample-api</h1>
<p>This page was served by version <strong>${escapeHtml(version)}</strong>, revision <code>${escapeHtml(revision)}</code>.</p>
<section aria-labelledby="answers">
<h2 id="answers">Who answered the last 200 requests</h2>
<div id="squares" role="img" aria-label="No request answered yet"></div>
<p>Each square is one request, newest last; a cross is a failed one.</p>
<table>
<thead><tr><th scope="col">Version</th><th scope="col">Answered</th><th scope="col">Failed</th></tr></thead>
<tbody id="versions"></tbody>
</table>
</section>
<section aria-labelledby="state">
<h2 id="state">Readiness</h2>
<p id="readiness" role="status">Not asked yet.</p>
</section>
${hasFaults ? FAULTS : ''}</main>
</body>
</html>
`;
}

const FAULTS = `<section aria-labelledby="faults">
<h2 id="faults">Faults of the pod that answers</h2>
<form id="sliders">
<label>Share of errors <input type="range" name="errorRatio" min="0" max="1" step="0.05" value="0"> <output>0</output></label>
<label>Added seconds <input type="range" name="latencySeconds" min="0" max="3" step="0.1" value="0"> <output>0</output></label>
</form>
</section>
`;

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
