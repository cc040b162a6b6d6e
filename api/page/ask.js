/** Longer than a pod's own deadline: a request that hangs is then the pod's failure and counted as such, not a client that left. */
const GIVE_UP_MS = 15_000;
const RETRY_MS = 100;

/**
 * Asks on a connection of its own, as one more user would, and is told who answered. A connection that breaks is
 * tried once more: the end of a pod is no error. Never rejects: `status` is 0 when there was no answer.
 *
 * @param {string} path
 * @param {RequestInit} [init]
 */
export async function ask(path, init) {
  const first = await send(path, init);
  if (first.status > 0 || first.isTooLate) {
    return first;
  }
  await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
  return send(path, init);
}

async function send(path, init) {
  const signal = AbortSignal.timeout(GIVE_UP_MS);
  try {
    const headers = { 'x-watch': '1', ...init?.headers };
    const response = await fetch(path, { ...init, cache: 'no-store', headers, signal });
    const version = response.headers.get('x-version');
    return { status: response.status, version, body: await readJson(response), isTooLate: false };
  } catch {
    return { status: 0, version: null, body: undefined, isTooLate: signal.aborted };
  }
}

/** The body, or `undefined` when it is none of ours: an ingress answers in HTML. */
async function readJson(response) {
  const text = await response.text();
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
