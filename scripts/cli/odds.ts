import { relative, resolve } from 'node:path';
import type { Measured } from '../odds/measured.ts';
import { propose } from '../odds/propose.ts';
import { describeOdds, describeRouter } from '../odds/sentence.ts';
import { measureGate, type Settings } from '../odds/table.ts';
import { parseWant, type Want, WantError } from '../odds/want.ts';
import { assumedMeasures } from '../rehearsal/measures.ts';
import type { Model } from '../rehearsal/model/model.ts';
import { assumedRoutes } from '../rehearsal/split.ts';
import { summarizeOdds } from '../render/job-summary.ts';
import { renderJson } from '../render/json.ts';
import { renderOddsPage } from '../render/odds-page.ts';
import { renderOdds } from '../render/odds-text.ts';
import { proposalAsJson, renderProposal } from '../render/proposal-text.ts';
import { CommandError, createCommand, type Io, UsageError } from './command.ts';
import { addToJobSummary } from './job-summary.ts';
import { GIVEN_OPTIONS, readGiven } from './manifest-gaps.ts';
import { readModels, readOther } from './odds-models.ts';
import { readSettings, SETTINGS_OPTIONS } from './odds-settings.ts';
import { oneOf, option, text } from './options.ts';
import { doWork } from './work.ts';
import { writeReport } from './write-report.ts';

const OPTIONS = {
  workload: option('DIR', "the workload's folder, or - for standard input", text, 'workloads/sample-api'),
  ...SETTINGS_OPTIONS,
  compare: option(
    'FILE|DIR|NAME',
    "a second gate beside it: another workload's folder, or patches of this one: a file with `patch:` as in a scenario, or a scenario by name, such as namespace-wide-gate",
    text,
  ),
  want: option(
    'TEXT',
    "instead of the table, the fewest edits that make the gate do this: 'catch 2 % at 10 rps, abort healthy < 1 in 200'. Takes seconds to a few minutes; has no page",
    text,
  ),
  ...GIVEN_OPTIONS,
  format: option('FORMAT', 'text, json or html', oneOf('text', 'json', 'html'), 'text'),
  report: option('FILE', 'a page with the same figures; default report.html, with json and html none', text),
};

const COMMAND = {
  usage: 'npm run odds -- [options]',
  about: `Says how bad a release must be before a workload's gate catches it, how soon, at what cost, and how often a healthy one is
aborted: plays thousands of releases of the manifests as they are on disk, in the model world, with the controller's own rules.`,
  options: OPTIONS,
  end: 'Exit: 0 measured · 2 wrong usage · 3 could not be measured.',
};

export const main = createCommand(COMMAND, async ({ values }, io) => {
  const { workload, compare, format } = values;
  const given = readGiven(values);
  const settings = readSettings(values);
  const want = values.want === undefined ? undefined : readWant(values.want);
  const unasked = (['compare', 'rps', 'failure-ratios', 'runs', 'report'] as const).find((name) => values[name]);
  if (want !== undefined && unasked !== undefined) {
    throw new UsageError(`--want says all that is played: it goes without --${unasked}`);
  }
  if (want !== undefined && format === 'html') {
    throw new UsageError("--format must be 'text' or 'json' with '--want', which has no page");
  }
  if (want !== undefined) {
    const [first, second] = await readModels(workload, [], given, io);
    if (first === undefined || second !== undefined) {
      throw new CommandError('--want is for one Rollout: name a file that holds one');
    }
    const { model } = first;
    const proposal = await doWork('searching', propose(model, want, settings.baseline, settings.seed), io);
    io.out.write(
      format === 'json' ? renderJson(proposalAsJson(proposal)) : renderProposal(values.want ?? '', proposal),
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
    json: () => renderJson({ ...head, gates }),
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
    sentence: [describeOdds(odds), describeRouter(model.workload.plan, odds.cells)].join(' ').trimEnd(),
    assumed: [...model.assumed, ...assumedMeasures(model.workload), ...assumedRoutes(model.workload.plan)],
    ...odds,
  };
}
