import { createGit } from '../delivery/git.ts';
import { loadManifests } from '../manifest/load.ts';
import { renderJson } from '../render/json.ts';
import { renderSummary, summaryAsJson } from '../render/summary.ts';
import { checkManifests } from '../rules/check.ts';
import { summarize } from '../summary/summarize.ts';
import { askLive } from './ask-live.ts';
import { CommandError, createCommand, UsageError } from './command.ts';
import { explain, explainAll } from './explain.ts';
import { checkFacts, GIVEN_OPTIONS, readGiven } from './manifest-gaps.ts';
import { ofEachModel, playRollout } from './models.ts';
import { flag, list, option, text } from './options.ts';
import { formatOf, renderChecked } from './verify-format.ts';

const OPTIONS = {
  against: list(
    'ADDRESS',
    "compare with a running instance too: http://localhost:8080. Its metrics, probes, labels, types. Twice, where its metrics have a port of their own. Name one app's folder.",
    text,
  ),
  summary: flag('instead of findings: what each gate will do, in words and numbers, as the controller would'),
  ...GIVEN_OPTIONS,
  all: flag('findings of severity info too: hygiene that other linters check as well; they never fail'),
  strict: flag('warnings fail too'),
  format: option(
    'FORMAT',
    'text (default); json: a list of findings, or of summaries; sarif: for code scanning and editors; github: annotations, the default where GITHUB_ACTIONS is true',
    text,
  ),
  explain: option('RULE', 'what a rule means, with an example; without checking anything', text),
  rules: flag('the ids of all rules; with --format markdown what each means'),
};

const COMMAND = {
  usage: 'npm run verify -- [options] [path…]',
  about: `Checks Kubernetes manifests for what makes a canary gate wrong or silently useless. Without paths: workloads and k8s.
A path is a file, a folder, or - for standard input. Prints nothing when all is well.`,
  options: OPTIONS,
  takesArguments: true,
  end: `A finding is switched off on its line, or above it, by a comment: # verify-disable rule/id: reason

Exit: 0 nothing wrong (warnings apart, unless --strict) · 1 errors · 2 wrong usage · 3 something could not be read.`,
};

export const main = createCommand(COMMAND, async ({ values, positionals }, io) => {
  const { out, err, cwd, input } = io;
  const format = formatOf(values, io.env);
  const unasked = (['all', 'strict', 'against'] as const).find((name) => [values[name]].flat().some(Boolean));
  if (values.summary && unasked !== undefined) {
    throw new UsageError(`--summary has no findings: it goes without --${unasked}`);
  }
  const given = readGiven(values);
  if (values.rules || values.explain !== undefined) {
    out.write(await (format === 'markdown' ? explainAll() : explain(values.explain)));
    return 0;
  }
  const paths = positionals.length > 0 ? positionals : ['workloads', 'k8s'];
  const reading = await loadManifests(paths, cwd, input).catch((error: NodeJS.ErrnoException) => {
    throw new CommandError(`reading manifests: ${error.message}`, { cause: error });
  });
  if (values.summary) {
    checkFacts(given.facts, reading.manifests);
    const { made, errors: unplayed } = ofEachModel(reading.manifests, given, summarize);
    out.write(
      format === 'json'
        ? renderJson(made.map(summaryAsJson))
        : made.map((summary) => renderSummary(summary, out)).join('\n'),
    );
    const isNone = made.length + unplayed.length === 0;
    const errors = [...reading.errors, ...(isNone ? ['there is no Rollout to summarise'] : unplayed)];
    for (const error of errors) {
      err.write(`error: ${error}\n`);
    }
    return errors.length > 0 ? 3 : 0;
  }
  const checked = await checkManifests(reading.manifests, {
    origin: await originOf(cwd),
    play: (rollout) => playRollout(rollout, reading.manifests, given),
    ...(values.against.length > 0 ? { askLive: (asked) => askLive(values.against, asked) } : {}),
  });
  const { findings: found, notes } = checked;
  const findings = values.all ? found : found.filter(({ severity }) => severity !== 'info');
  const hidden = found.length - findings.length;
  const shown = hidden === 0 ? [] : [`${hidden} of severity info not shown; --all shows them`];
  const said = { ...checked, findings, errors: reading.errors, notes: [...reading.notes, ...notes, ...shown] };
  out.write(renderChecked(format, said, io));
  for (const note of said.notes) {
    err.write(`note: ${note}\n`);
  }
  for (const error of reading.errors) {
    err.write(`error: ${error}\n`);
  }
  if (reading.errors.length > 0) {
    return 3;
  }
  return findings.some(({ severity }) => severity === 'error' || (values.strict && severity === 'warning')) ? 1 : 0;
});

/** The address that the checkout around a folder was cloned from; undefined outside one, without Git, or without a remote `origin`. */
async function originOf(folder: string): Promise<string | undefined> {
  const url = await createGit(folder)('config', '--get', 'remote.origin.url').catch(() => '');
  return url.trim() || undefined;
}
