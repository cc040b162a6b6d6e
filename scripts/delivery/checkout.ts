import { createGit, DeliveryError, type Git, says } from './git.ts';

/** Where `git push` of the current branch goes. */
export interface PushTarget {
  readonly remote: string;
  /** Without `refs/heads/`. */
  readonly branch: string;
}

/** Git at the root of the checkout that holds a folder. Rejects with `DeliveryError` outside one. */
export async function openCheckout(folder: string): Promise<Git> {
  const root = await createGit(folder)('rev-parse', '--show-toplevel');
  return createGit(root.replace(/\r?\n$/, ''));
}

/** Rejects with `DeliveryError` unless a file is in the last commit as it is on disk and in the index. */
export async function requireCommitted(git: Git, file: string): Promise<void> {
  const status = await git('status', '--porcelain', '--ignored', '--', file);
  if (/^(\?\?|!!)/.test(status)) {
    throw new DeliveryError('it is not in Git yet: commit it first');
  }
  if (status !== '') {
    throw new DeliveryError(
      'it has changes that are not committed: commit them, or look at `git diff HEAD` and drop them',
    );
  }
}

/**
 * The current branch's upstream, else the branch of its name at `origin`. Rejects with `DeliveryError` if HEAD is detached or the
 * remote is missing.
 */
export async function pushTargetOf(git: Git): Promise<PushTarget> {
  const own = await git('symbolic-ref', '--quiet', '--short', 'HEAD').catch((error: DeliveryError) => {
    throw new DeliveryError('HEAD is detached: check out a branch first', { cause: error });
  });
  const name = own.trim();
  const configured = (key: string) =>
    git('config', '--get', `branch.${name}.${key}`).then(
      (value) => value.trim(),
      () => undefined,
    );
  const remote = (await configured('remote')) ?? 'origin';
  if (!(await says(git('remote', 'get-url', remote)))) {
    throw new DeliveryError(`there is no remote '${remote}'`);
  }
  return { remote, branch: ((await configured('merge')) ?? name).replace(/^refs\/heads\//, '') };
}

/** Commits one file and nothing else, whatever is staged; returns the commit's short id. Rejects with `DeliveryError`, nothing committed. */
export async function commitFile(git: Git, file: string, message: string): Promise<string> {
  await git('commit', '--quiet', '--only', '--message', message, '--', file);
  return (await git('rev-parse', '--short', 'HEAD')).trim();
}
