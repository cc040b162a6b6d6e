import { setTimeout as sleep } from 'node:timers/promises';
import type { PushTarget } from './checkout.ts';
import { DeliveryError, type Git, says } from './git.ts';

const RETRIES = 5;
/** Wait before another try when another push holds the branch's lock. */
const LOCK_WAIT_MS = 500;
const LOCKED = /cannot lock ref|failed to update ref|incorrect old value/i;

/**
 * Pushes HEAD. When the remote has moved on, fetches it, rebases onto it and tries again, up to five times. `note` is called before
 * each new try. Other changed files stay as they are. Rejects with `DeliveryError`, all local commits kept and no rebase under way.
 */
export async function pushHead(git: Git, target: PushTarget, note: (text: string) => void): Promise<void> {
  const { remote, branch } = target;
  for (let attempt = 1; ; attempt++) {
    const failure = await git('push', '--quiet', remote, `HEAD:refs/heads/${branch}`).then(
      () => undefined,
      (error: DeliveryError) => error,
    );
    if (failure === undefined) {
      return;
    }
    if (attempt > RETRIES) {
      throw new DeliveryError(`${remote}/${branch} moved on ${attempt} times`, { cause: failure });
    }
    const theirs = await fetchTip(git, target, failure);
    if (!(await says(git('merge-base', '--is-ancestor', theirs, 'HEAD')))) {
      note(`${remote}/${branch} has moved on: rebasing and trying again (${attempt} of ${RETRIES})`);
      await rebaseOnto(git, theirs);
      if ((await git('rev-parse', 'HEAD')).trim() === theirs) {
        note(`${remote}/${branch} has this change already`);
      }
    } else if (LOCKED.test(failure.message)) {
      note(`${remote}/${branch} is being pushed to: trying again (${attempt} of ${RETRIES})`);
      await sleep(LOCK_WAIT_MS);
    } else {
      throw failure;
    }
  }
}

/** Fetches the remote branch and returns its commit. If it cannot be fetched, throws `failure`, the push's own error. */
async function fetchTip(git: Git, { remote, branch }: PushTarget, failure: DeliveryError): Promise<string> {
  if (!(await says(git('fetch', '--quiet', remote, `refs/heads/${branch}`)))) {
    throw failure;
  }
  return (await git('rev-parse', 'FETCH_HEAD')).trim();
}

async function rebaseOnto(git: Git, theirs: string): Promise<void> {
  const names = async (...range: readonly string[]) =>
    (await git('diff', '--name-only', '-z', ...range)).split('\0').filter((name) => name !== '');
  // An autostash that does not apply leaves conflict markers in files that are not ours to touch.
  const changedThere = new Set(await names(`HEAD...${theirs}`));
  const changedTwice = (await names('HEAD')).find((name) => changedThere.has(name));
  if (changedTwice !== undefined) {
    throw new DeliveryError(`${changedTwice} has changes that are not committed, and the remote has changed it too`);
  }
  try {
    await git('rebase', '--quiet', '--autostash', theirs);
  } catch (error) {
    const conflicts = await names('--diff-filter=U').catch(() => []);
    await says(git('rebase', '--abort'));
    const reason =
      conflicts.length > 0
        ? `the remote has changed the same lines of ${conflicts.join(', ')}`
        : (error as DeliveryError).message;
    throw new DeliveryError(reason, { cause: error });
  }
}
