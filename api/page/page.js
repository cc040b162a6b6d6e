// Runs in the browser: sends a request four times a second, as a user would, and shows which version responded.
import { ask } from './ask.js';

const ASK_MS = 250;
const SHOW_MS = 1000;
const READINESS_MS = 2000;
const MINUTE_MS = 60_000;
/** The limit of the latency gate. */
const SLOW_MS = 500;
/** A browser opens six connections to a host; two stay free for readiness and faults. */
const MOST_UNDER_WAY = 4;
const LAST = 200;
/** Empty places between the newest square and the oldest. */
const GAP = 4;
const TONES = 4;
const NO_POD = 'no pod';

const squares = document.querySelector('#squares');
const places = Array.from({ length: LAST + GAP }, () => create('span', 'square'));
const bar = document.querySelector('#bar');
const cards = document.querySelector('#versions');
const headline = document.querySelector('#headline');
const trouble = document.querySelector('#trouble');

/** Responses of the last minute, oldest first: `{ at, version, isFailed, isSlow }`. */
let answers = [];
/** By version: its colour (`tone`), its card, its part of the bar and the latest readiness of one of its pods. */
const versions = new Map();
const timers = [];
let underWay = 0;
let asked = 0;

/** A ring: a new square takes the next place, and the oldest is removed; no square moves. */
function takeSquare() {
  for (let ahead = 0; ahead <= GAP; ahead++) {
    clear(places[(asked + ahead) % places.length]);
  }
  const square = places[asked % places.length];
  asked += 1;
  square.className = 'square pending';
  return square;
}

function clear(square) {
  square.className = 'square';
  square.removeAttribute('title');
  delete square.dataset.version;
}

async function askItems() {
  if (underWay === MOST_UNDER_WAY) {
    return;
  }
  underWay += 1;
  const square = takeSquare();
  const start = performance.now();
  const { status, version } = await ask('api/items');
  underWay -= 1;
  const at = performance.now();
  const isFailed = status === 0 || status >= 500;
  const answer = { at, version: version ?? (isFailed ? NO_POD : 'unnamed'), isFailed, isSlow: at - start > SLOW_MS };
  answers.push(answer);
  const { tone } = meet(answer.version);
  square.className = `square tone-${tone}${isFailed ? ' failed' : ''}`;
  square.dataset.version = answer.version;
  square.title = `${answer.version}: ${status || 'no answer'} after ${Math.round(at - start)} ms`;
}

/** The record of a version; a new version gets the first tone that no other has. */
function meet(version) {
  const known = versions.get(version);
  if (known) {
    return Object.assign(known, { heardAt: performance.now() });
  }
  const taken = [...versions.values()].map(({ tone }) => tone);
  const free = Array.from({ length: TONES }, (_, tone) => tone).find((tone) => !taken.includes(tone));
  const tone = version === NO_POD ? 'none' : (free ?? versions.size % TONES);
  const part = bar.appendChild(create('span', `tone-${tone}`));
  const met = { tone, part, card: createCard(version, tone), hasNoBackend: false, heardAt: performance.now() };
  versions.set(version, met);
  return met;
}

function createCard(version, tone) {
  const card = cards.appendChild(create('li', 'card'));
  card.dataset.version = version;
  const name = card.appendChild(create('h3'));
  name.append(create('span', `square tone-${tone}`), version);
  const [share, counts, readiness] = ['share', 'counts', 'readiness'].map((part) =>
    card.appendChild(create('p', part)),
  );
  const [requests, failed, slow] = Array.from({ length: 3 }, () => create('span'));
  counts.append(requests, ' · ', failed, ' · ', slow);
  return { card, share, requests, failed, slow, readiness };
}

function create(tag, className = '') {
  const element = document.createElement(tag);
  element.className = className;
  return element;
}

function show() {
  const since = performance.now() - MINUTE_MS;
  answers = answers.filter(({ at }) => at >= since);
  const all = answers.length;
  const splits = [...versions].map(([version, known]) => {
    const own = answers.filter((answer) => answer.version === version);
    const failed = own.filter(({ isFailed }) => isFailed).length;
    const slow = own.filter(({ isSlow }) => isSlow).length;
    return { version, known, count: own.length, failed, slow };
  });
  for (const { version, known, count, failed, slow } of splits) {
    if (known.heardAt < since && !squares.querySelector(`[data-version="${CSS.escape(version)}"]`)) {
      forget(version);
    }
    const { card, part } = known;
    part.style.flexGrow = count;
    setText(card.share, `${all && Math.round((100 * count) / all)} %`);
    setText(card.requests, `${count} requests`);
    setText(card.failed, `${failed} failed`, failed > 0);
    setText(card.slow, `${slow} over 0.5 s`, slow > 0);
  }
  const shares = splits.map(({ version, count, failed }) => `${version} answered ${count} of ${all}, ${failed} failed`);
  squares.ariaLabel = shares.join('; ') || 'No request answered yet';
  const answering = splits.filter(({ version, count }) => version !== NO_POD && count > 0);
  const lost = splits.find(({ version }) => version === NO_POD)?.count ?? 0;
  setText(headline, summarize(answering, lost));
  const problems = findProblems(answering, lost);
  setText(trouble, problems || 'No request failed in the last minute.', problems !== '');
}

function forget(version) {
  const { card, part } = versions.get(version);
  card.card.remove();
  part.remove();
  versions.delete(version);
}

/** Headline and problems are read aloud at each change, so they say only what changes seldom. */
function summarize(answering, lost) {
  if (answering.length > 1) {
    return `${listVersions(answering)} share the requests.`;
  }
  if (answering.length === 1) {
    return `${answering[0].version} answers${lost > 0 ? '' : ' every request'}.`;
  }
  return lost > 0 ? 'No pod answers.' : 'Waiting for the first answer.';
}

/** Empty when there are none. */
function findProblems(answering, lost) {
  const failing = answering.filter(({ failed }) => failed > 0);
  const without = answering.filter(({ known }) => known.hasNoBackend);
  return [
    failing.length > 0 && `Requests fail on ${listVersions(failing)}.`,
    lost > 0 && 'Some requests reach no pod.',
    without.length > 0 && `No usable backend for ${listVersions(without)}.`,
  ]
    .filter(Boolean)
    .join(' ');
}

function listVersions(splits) {
  const { compare } = new Intl.Collator('en', { numeric: true });
  return new Intl.ListFormat('en').format(splits.map(({ version }) => version).sort(compare));
}

async function askReadiness() {
  const { body } = await ask('readyz');
  const backend = body?.checks?.backend;
  if (!backend) {
    for (const { card } of versions.values()) {
      setText(card.readiness, 'No answer from /readyz.', true);
    }
    return;
  }
  const known = meet(body.version);
  known.hasNoBackend = !backend.ok;
  setText(known.card.readiness, describeReadiness(body.status, backend), body.status !== 'ready' || !backend.ok);
}

function describeReadiness(status, { ok, address, message }) {
  const state = status[0].toUpperCase() + status.slice(1);
  return ok ? `${state}. Backend ${address} answers.` : `${state}. Backend ${address}: ${message}.`;
}

/** Writes only a text that differs: every write is announced by a live region, and loses the reader's selection. */
function setText(element, text, isBad = false) {
  if (element.textContent !== text) {
    element.textContent = text;
  }
  element.classList.toggle('bad', isBad);
}

/** A hidden page sends nothing. */
function followVisibility() {
  for (const timer of timers.splice(0)) {
    clearInterval(timer);
  }
  if (document.hidden) {
    return;
  }
  every(ASK_MS, askItems);
  every(READINESS_MS, askReadiness);
  every(SHOW_MS, show);
}

function every(milliseconds, task) {
  void task();
  timers.push(setInterval(task, milliseconds));
}

squares.append(...places);
document.addEventListener('visibilitychange', followVisibility);
followVisibility();
