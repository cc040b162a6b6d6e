// What runs in the browser: asks as a user would, four times a second, and shows who answered.
const LAST = 200;
const TONES = 4;

const answers = [];
const versions = [];
const squares = document.querySelector('#squares');
const rows = document.querySelector('#versions');
const readiness = document.querySelector('#readiness');
const sliders = document.querySelector('#sliders');

function createSquare(version, isFailed) {
  const square = document.createElement('span');
  square.className = `square tone-${versions.indexOf(version) % TONES}`;
  square.textContent = isFailed ? '×' : '';
  square.title = isFailed ? `${version}, failed` : version;
  return square;
}

function show() {
  squares.replaceChildren(...answers.map(({ version, isFailed }) => createSquare(version, isFailed)));
  const counts = versions
    .map((version) => ({ version, all: answers.filter((answer) => answer.version === version) }))
    .filter(({ all }) => all.length > 0)
    .map(({ version, all }) => ({ version, all: all.length, failed: all.filter(({ isFailed }) => isFailed).length }));
  squares.ariaLabel = counts
    .map(({ version, all, failed }) => `${version} answered ${all} of ${answers.length}, ${failed} failed`)
    .join('; ');
  rows.replaceChildren(
    ...counts.map(({ version, all, failed }) => {
      const row = document.createElement('tr');
      const [name, share, failures] = ['td', 'td', 'td'].map((tag) => row.appendChild(document.createElement(tag)));
      name.append(createSquare(version, false), version);
      share.textContent = `${all} (${Math.round((100 * all) / answers.length)} %)`;
      failures.textContent = String(failed);
      return row;
    }),
  );
}

async function ask() {
  const answer = await fetch('api/items', { cache: 'no-store', headers: { 'x-watch': '1' } }).then(
    ({ status, headers }) => ({ version: headers.get('x-version') ?? 'unknown', isFailed: status >= 500 }),
    () => ({ version: 'no answer', isFailed: true }),
  );
  if (!versions.includes(answer.version)) versions.push(answer.version);
  answers.push(answer);
  if (answers.length > LAST) answers.shift();
  show();
}

async function askReadiness() {
  const response = await fetch('readyz', { cache: 'no-store' }).catch(() => undefined);
  const body = await response?.json().catch(() => undefined);
  const backend = body?.checks?.backend;
  if (!backend) readiness.textContent = 'No answer from /readyz.';
  else if (backend.ok) readiness.textContent = `${body.status}: backend ${backend.address} answers.`;
  else readiness.textContent = `${body.status}: backend ${backend.address}: ${backend.message}.`;
}

/** An idle tab asks nothing. */
function every(milliseconds, task) {
  const run = async () => {
    if (!document.hidden) await task();
    setTimeout(run, milliseconds);
  };
  void run();
}

async function sendFaults() {
  const settings = Object.fromEntries([...new FormData(sliders)].map(([name, value]) => [name, Number(value)]));
  await fetch('faults', {
    method: 'PUT',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(settings),
  });
}

function showSliders() {
  for (const label of sliders.querySelectorAll('label')) {
    label.querySelector('output').value = label.querySelector('input').value;
  }
}

if (sliders) {
  const settings = await fetch('faults').then((response) => response.json());
  for (const input of sliders.querySelectorAll('input')) input.value = settings[input.name];
  showSliders();
  sliders.addEventListener('input', showSliders);
  sliders.addEventListener('change', sendFaults);
}
every(250, ask);
every(2000, askReadiness);
