import { relative, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import type { Measured } from '../odds/measured.ts';
import { propose } from '../odds/propose.ts';
import { describeOdds } from '../odds/sentence.ts';
import { measureGate, type Settings } from '../odds/table.ts';
import { parseWant, type Want, WantError } from '../odds/want.ts';
import { RehearsalError } from '../rehearsal/errors.ts';
import { assumedMeasures } from '../rehearsal/measures.ts';
import type { Model } from '../rehearsal/model/model.ts';
import { summarizeOdds } from '../render/job-summary.ts';
import { renderOddsPage } from '../render/odds-page.ts';
import { renderOdds } from '../render/odds-text.ts';
import { proposalAsJson, renderProposal } from '../render/proposal-text.ts';
import { ASSUMPTIONS_OPTIONS, ASSUMPTIONS_USAGE, readAssumptions } from './assumption-options.ts';
import { FACTS_OPTIONS, FACTS_USAGE, readFacts } from './cluster-facts.ts';
import { CommandError, createMain, type Io, UsageError } from './command.ts';
import { addToJobSummary } from './job-summary.ts';
import { readModels, readOther } from './odds-models.ts';
import { DEFAULT_RATIOS, DEFAULT_TRAFFIC, readSettings } from './odds-settings.ts';
import { doWork } from './work.ts';
import { writeReport } from './write-report.ts';

const USAGE = `Usage: npm run odds -- [options]

Says how bad a release must be before a workload's gate catches it, how soon, at what cost, and how often a healthy one is
aborted: plays thousands of releases of the manifests as they are on disk, in the model world, with the controller's own rules.

  --workload DIR            the workload's folder, or - for standard input; default workloads/sample-api
  --rps LIST                requests a second; default ${DEFAULT_TRAFFIC}
  --failure-ratios LIST     shares of the new version's requests that fail, 0.05 or 5%;
                            default ${DEFAULT_RATIOS}
  --baseline RATIO          share of a healthy version's requests that fail; default 0.1%
  --compare FILE|DIR|NAME   a second gate beside it: another workload's folder, or patches of this one: a file with \`patch:\` as in
                            a scenario, or a scenario by name, such as namespace-wide-gate
  --want TEXT               instead of the table, the fewest edits that make the gate do this:
                            'catch 2 % at 10 rps, abort healthy < 1 in 200'. Takes seconds to a few minutes; has no page
  --runs N                  releases a cell; default 300 to 2400, as many as a cell needs to be known to 2 points
  --seed N                  another course of chance; default 1. The same seed prints the same bytes
${FACTS_USAGE}
${ASSUMPTIONS_USAGE}
  --format FORMAT           text (default), json or html
  --report FILE             a page with the same figures; default report.html, with json and html none
  -h, --help                this text

Exit: 0 measured · 2 wrong usage · 3 could not be measured.
`;

export const main = createMain(USAGE, async (args, io) => {
  const { values } = parseArgs({
    args: [...args],
    options: {
      workload: { type: 'string', default: 'workloads/sample-api' },
      rps: { type: 'string' },
      'failure-ratios': { type: 'string' },
      baseline: { type: 'string', default: '0.1%' },
      compare: { type: 'string' },
      want: { type: 'string' },
      runs: { type: 'string' },
      seed: { type: 'string', default: '1' },
      format: { type: 'string', default: 'text' },
      report: { type: 'string' },
      ...FACTS_OPTIONS,
      ...ASSUMPTIONS_OPTIONS,
    },
  });
  const { workload, compare, format } = values;
  const given = { facts: readFacts(values), assumptions: readAssumptions(values) };
  if (format !== 'text' && format !== 'json' && format !== 'html') {
    throw new UsageError(`--format must be 'text', 'json' or 'html', got '${format}'`);
  }
  const { rps = DEFAULT_TRAFFIC, 'failure-ratios': failureRatios = DEFAULT_RATIOS } = values;
  const settings = readSettings({ ...values, rps, 'failure-ratios': failureRatios });
  const want = values.want === undefined ? undefined : readWant(values.want);
  const unasked = (['compare', 'rps', 'failure-ratios', 'runs', 'report'] as const).find((name) => values[name]);
  if (want !== undefined && unasked !== undefined) {
    throw new UsageError(`--want says all that is played: it goes without --${unasked}`);
  }
  if (want !== undefined && format === 'html') {
    throw new UsageError("--format must be 'text' or 'json' with '--want', which has no page");
  }
  try {
    if (want !== undefined) {
      const [first, second] = await readModels(workload, [], given, io);
      if (first === undefined || second !== undefined) {
        throw new CommandError('--want is for one Rollout: name a file that holds one');
      }
      const { model } = first;
      const proposal = await doWork('searching', propose(model, want, settings.baseline, settings.seed), io);
      io.out.write(
        format === 'json'
          ? `${JSON.stringify(proposalAsJson(proposal), undefined, 2)}\n`
          : renderProposal(values.want ?? '', proposal),
      );
      return 0;
    }
    const models = [...(await readModels(workload, [], given, io))];
    if (compare !== undefined) {
      models.push(...(await readOther(compare, workload, given, io)));
    }
    const gates: Measured[] = [];
    for (const { name, model } of models) {
      gates.push(await measure(name, model, settings, io));
    }
    const head = { workload, seed: settings.seed, baseline: settings.baseline };
    const page = renderOddsPage(head, gates);
    const answers = {
      text: () => renderOdds(gates, io.out),
      json: () => `${JSON.stringify({ ...head, gates }, undefined, 2)}\n`,
      html: () => page,
    };
    io.out.write(answers[format]());
    await addToJobSummary(summarizeOdds(gates), io);
    const file = values.report ?? (format === 'text' ? 'report.html' : undefined);
    if (file !== undefined) {
      await writeReport(resolve(io.cwd, file), page);
      io.err.write(`report: ${relative(io.cwd, resolve(io.cwd, file))}\n`);
    }
    return 0;
  } catch (error) {
    if (error instanceof RehearsalError) {
      throw new CommandError(error.message, { cause: error });
    }
    throw error;
  }
});

function readWant(text: string): Want {
  try {
    return parseWant(text);
  } catch (error) {
    throw error instanceof WantError ? new UsageError(`--want ${error.message}`) : error;
  }
}

async function measure(name: string, model: Model, settings: Settings, io: Io): Promise<Measured> {
  const odds = await doWork(name, measureGate(model, settings), io);
  return {
    name,
    sentence: describeOdds(odds),
    assumed: [...model.assumed, ...assumedMeasures(model.workload)],
    ...odds,
  };
}
