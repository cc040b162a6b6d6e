/** Longer than a pod's own deadline: a request that hangs is then the pod's failure and counted as such, not a client that left. */
const GIVE_UP_MS = 15_000;
const RETRY_MS = 100;

/**
 * Asks on a connection of its own, as one more user would, and is told who answered. A connection that breaks is
 * tried once more: the end of a pod is no error. Rejects when the second one breaks too.
 */
export async function ask(path, init = {}) {
  const send = async () => {
    const response = await fetch(path, {
      ...init,
      cache: 'no-store',
      headers: { 'x-watch': '1', ...init.headers },
      signal: AbortSignal.timeout(GIVE_UP_MS),
    });
    const { status, headers } = response;
    return { status, version: headers.get('x-version'), body: await readJson(response) };
  };
  try {
    return await send();
  } catch (error) {
    if (error.name === 'TimeoutError') throw error;
    await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
    return send();
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
