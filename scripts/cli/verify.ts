import { parseArgs } from 'node:util';
import { loadManifests } from '../manifest/load.ts';
import { renderSummary } from '../render/summary.ts';
import { checkManifests } from '../rules/check.ts';
import { askLive } from './ask-live.ts';
import { ASSUMPTIONS_OPTIONS, ASSUMPTIONS_USAGE, readAssumptions } from './assumption-options.ts';
import { checkFacts, FACTS_OPTIONS, FACTS_USAGE, readFacts } from './cluster-facts.ts';
import { CommandError, createMain, UsageError } from './command.ts';
import { explain, explainAll } from './explain.ts';
import { originOf } from './origin.ts';
import { createGatePlayer } from './play-gates.ts';
import { summaries } from './summaries.ts';
import { formatOf, renderChecked } from './verify-format.ts';

const USAGE = `Usage: npm run verify -- [options] [path…]

Checks Kubernetes manifests for what makes a canary gate wrong or silently useless. Without paths: workloads and k8s.
A path is a file, a folder, or - for standard input. Prints nothing when all is well.

  --against ADDRESS  compare with a running instance too: http://localhost:8080. Its metrics, probes, labels, types.
                     Twice, where its metrics have a port of their own. Name one app's folder.
  --summary          instead of findings: what each gate will do, in words and numbers, as the controller would
${FACTS_USAGE}
${ASSUMPTIONS_USAGE}
  --all              findings of severity info too: hygiene that other linters check as well; they never fail
  --strict           warnings fail too
  --format FORMAT    text (default); json: a list of findings, or of summaries; sarif: for code scanning and editors;
                     github: annotations, the default where GITHUB_ACTIONS is true
  --explain RULE     what a rule means, with an example; without checking anything
  --rules            the ids of all rules; with --format markdown what each means
  -h, --help         this text

A finding is switched off on its line, or above it, by a comment: # verify-disable rule/id: reason

Exit: 0 nothing wrong (warnings apart, unless --strict) · 1 errors · 2 wrong usage · 3 something could not be read.
`;

export const main = createMain(USAGE, async (args, io) => {
  const { out, err, cwd, input } = io;
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      against: { type: 'string', multiple: true, default: [] },
      summary: { type: 'boolean', default: false },
      all: { type: 'boolean', default: false },
      strict: { type: 'boolean', default: false },
      format: { type: 'string' },
      explain: { type: 'string' },
      rules: { type: 'boolean', default: false },
      ...FACTS_OPTIONS,
      ...ASSUMPTIONS_OPTIONS,
    },
  });
  const format = formatOf(values, io.env);
  const unasked = values.all
    ? '--all'
    : values.strict
      ? '--strict'
      : values.against.length > 0
        ? '--against'
        : undefined;
  if (values.summary && unasked !== undefined) {
    throw new UsageError(`--summary has no findings: it goes without ${unasked}`);
  }
  const facts = readFacts(values);
  const assumptions = readAssumptions(values);
  if (values.rules || values.explain !== undefined) {
    out.write(await (format === 'markdown' ? explainAll() : explain(values.explain)));
    return 0;
  }
  const paths = positionals.length > 0 ? positionals : ['workloads', 'k8s'];
  const reading = await loadManifests(paths, cwd, input).catch((error: NodeJS.ErrnoException) => {
    throw new CommandError(`reading manifests: ${error.message}`, { cause: error });
  });
  if (values.summary) {
    checkFacts(facts, reading.manifests);
    const { found, errors } = summaries(reading.manifests, facts, assumptions);
    out.write(
      format === 'json'
        ? `${JSON.stringify(found, undefined, 2)}\n`
        : found.map((summary) => renderSummary(summary, out)).join('\n'),
    );
    for (const error of [...reading.errors, ...errors]) {
      err.write(`error: ${error}\n`);
    }
    return reading.errors.length + errors.length > 0 ? 3 : 0;
  }
  const checked = await checkManifests(reading.manifests, {
    origin: await originOf(cwd),
    play: createGatePlayer(reading.manifests, facts, assumptions),
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
