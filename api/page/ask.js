/** Longer than a pod's deadline, so that a request that hangs ends as the pod's 503, and not as a client that left (499). */
const GIVE_UP_MS = 15_000;
const RETRY_MS = 100;

/**
 * Sends a request on a new connection, as a new user would, and returns the response and its version. A request whose connection breaks
 * is sent once more, since a pod may end. Never rejects: `status` is 0 without a response.
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

/** The body, or `undefined` if it is not JSON: an ingress may respond with HTML. */
async function readJson(response) {
  const text = await response.text();
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
