import { ask } from './ask.js';

const form = document.querySelector('#sliders');
const inputs = [...form.querySelectorAll('input')];
const result = document.querySelector('#set');
/** The latest settings of the pod. A PUT repeats `hangRatio`, which has no slider. */
let settings = { errorRatio: 0, latencySeconds: 0 };
let isSending = false;
let isStale = false;

const FORMAT = {
  errorRatio: (value) => `${Math.round(100 * value)} %`,
  latencySeconds: (value) => `${value} s`,
};

function show() {
  for (const input of inputs) {
    const text = FORMAT[input.name](input.value);
    input.ariaValueText = text;
    input.nextElementSibling.textContent = text;
  }
}

/** Sends one change at a time; values that a slider passes while a request is under way are skipped. */
async function send() {
  isStale = true;
  if (isSending) {
    return;
  }
  isSending = true;
  while (isStale) {
    isStale = false;
    await put({ ...settings, ...Object.fromEntries(inputs.map(({ name, valueAsNumber }) => [name, valueAsNumber])) });
  }
  isSending = false;
}

async function put(wanted) {
  const init = { method: 'PUT', headers: { 'content-type': 'application/json' }, body: JSON.stringify(wanted) };
  const { status, version, body } = await ask('faults', init);
  if (status !== 200) {
    result.textContent = `Not set: ${body?.error?.message ?? 'no pod answered'}.`;
    if (!isStale) {
      showSettings();
    }
    return;
  }
  settings = body;
  const errors = FORMAT.errorRatio(body.errorRatio);
  const latency = FORMAT.latencySeconds(body.latencySeconds);
  result.textContent = `A pod of ${version} now fails ${errors} of its requests and delays each by ${latency}.`;
}

function showSettings() {
  for (const input of inputs) {
    input.valueAsNumber = settings[input.name];
  }
  show();
}

form.addEventListener('input', show);
form.addEventListener('change', send);
document.querySelector('#clear').addEventListener('click', () => {
  settings = { ...settings, hangRatio: 0 };
  for (const input of inputs) {
    input.valueAsNumber = 0;
  }
  show();
  void send();
});

const { status, body } = await ask('faults');
if (status === 200) {
  settings = body;
}
showSettings();
form.querySelector('fieldset').disabled = false;
