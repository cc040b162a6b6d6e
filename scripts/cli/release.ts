import { join } from 'node:path';
import writeFileAtomic from 'write-file-atomic';
import { commitFile, openCheckout, pushTargetOf, requireCommitted } from '../delivery/checkout.ts';
import { renderDiff } from '../delivery/diff.ts';
import { listWorkloads, readTextFile } from '../delivery/files.ts';
import type { DeliveryError } from '../delivery/git.ts';
import { pushHead } from '../delivery/push.ts';
import { pausesOf, readRollout } from '../delivery/rollout-file.ts';
import { editScalar } from '../manifest/edit.ts';
import { attempt } from './attempt.ts';
import { CommandError, createCommand, UsageError } from './command.ts';
import { text as anyText, flag, option } from './options.ts';
import { changeImage, changeRedeploy } from './release-change.ts';

const COMMAND = {
  usage: 'npm run release -- APP --image REF | --redeploy [options]',
  about: 'Releases APP: changes one line of workloads/APP/rollout.yaml, shows the diff and commits that file alone.',
  options: {
    image: option('REF', "the new image: [registry[:port]/]path[:tag][@sha256:digest], not 'latest'", anyText),
    redeploy: flag('the same image once more, through the same gate: a new time in the annotation redeploy'),
    container: option('NAME', "the container that gets the image; without it, the one of REF's repository", anyText),
    'allow-repository-change': flag('REF may be of another repository than the present image'),
    push: flag('push the current branch; when the remote has moved on, rebase and try again, 5 times'),
    'dry-run': flag('show the diff and write nothing'),
  },
  takesArguments: true,
  end: 'Exit: 0 released · 2 wrong usage · 3 could not; after 2, and after 3 unless it speaks of a commit, nothing is changed.',
};

/** Argo CD asks Git every 120 s and up to 60 s later (`timeout.reconciliation`, `timeout.reconciliation.jitter`). */
const POLL_SECONDS = { least: 120, most: 180 };

export const main = createCommand(COMMAND, async ({ values, positionals }, { out, err, cwd }) => {
  const [app, ...others] = positionals;
  if (app === undefined || others.length > 0) {
    throw new UsageError(`release needs one APP, got ${positionals.length}`);
  }
  if ((values.image !== undefined) === values.redeploy) {
    throw new UsageError('release needs either --image REF or --redeploy');
  }
  await requireWorkload(app, cwd);
  const file = `workloads/${app}/rollout.yaml`;
  const path = join(cwd, file);
  const text = await attempt(`reading ${file}`, () => readTextFile(path));
  const rollout = await attempt(`reading ${file}`, () => readRollout({ file, text }));
  const { change, edited } = await attempt(`changing ${file}`, () => {
    const { image, container, 'allow-repository-change': isOtherRepositoryAllowed } = values;
    const change =
      image === undefined
        ? changeRedeploy(rollout, new Date())
        : changeImage(rollout, { image, container, isOtherRepositoryAllowed });
    return { change, edited: editScalar(text, change.place, change.value) };
  });
  const git = await attempt('looking for the checkout', () => openCheckout(join(cwd, 'workloads', app)));
  await attempt(`changing ${file}`, () => requireCommitted(git, path));
  const target = values.push ? await attempt('pushing', () => pushTargetOf(git)) : undefined;

  out.write(renderDiff({ file, before: text, after: edited }, out));
  if (values['dry-run']) {
    err.write('dry run: nothing written\n');
    return 0;
  }
  // A reader, or a crash, finds the old text or the new one, never a part.
  await attempt(`writing ${file}`, () => writeFileAtomic(path, edited));
  const commit = await commitFile(git, path, `release(${app}): ${change.title}`).catch(async (error: DeliveryError) => {
    // Do not overwrite what somebody has written into the file since.
    if ((await readTextFile(path)) === edited) {
      await attempt(`putting ${file} back`, () => writeFileAtomic(path, text));
    }
    throw new CommandError(`committing ${file}: ${error.message}; it is as it was`, { cause: error });
  });
  err.write(`committed ${commit} release(${app}): ${change.title}\n`);
  if (target === undefined) {
    err.write('not pushed: the cluster sees nothing of it before `git push`\n');
    return 0;
  }
  const place = `${target.remote}/${target.branch}`;
  await pushHead(git, target, (note) => err.write(`${note}\n`)).catch((error: DeliveryError) => {
    const next = `git pull --rebase ${target.remote} ${target.branch} && git push ${target.remote} HEAD:${target.branch}`;
    throw new CommandError(`pushing to ${place}: ${error.message}; the commit is kept here: ${next}`, { cause: error });
  });
  err.write(`pushed to ${place}\n${renderExpectation(pausesOf(rollout))}`);
  return 0;
});

async function requireWorkload(app: string, cwd: string): Promise<void> {
  const apps = await attempt('looking for workloads/ here', () => listWorkloads(cwd));
  if (!apps.includes(app)) {
    throw new UsageError(
      `no workload '${app}' in workloads/; there ${apps.length === 1 ? 'is' : 'are'}: ${apps.join(', ') || 'none'}`,
    );
  }
}

function renderExpectation(pauseSeconds: number): string {
  const gate = Number.isFinite(pauseSeconds)
    ? `then the gate, which pauses for ${pauseSeconds} s altogether`
    : 'then the gate, which pauses until somebody promotes';
  return `the release begins in about ${POLL_SECONDS.least} s, ${POLL_SECONDS.most} s at most (Argo CD polls; at once with a webhook), ${gate}\n`;
}
