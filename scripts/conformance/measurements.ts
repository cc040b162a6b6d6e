import { createAnalysisRun, reconcileAnalysisRun } from '../argo/analysis-run.ts';
import {
  assessMetric,
  countMeasurement,
  createMetricResult,
  exceededLimit,
  isCompleted,
  type MeasurementPhase,
} from '../argo/metric.ts';
import type { JsonMap } from '../manifest/json.ts';
import { readSchedule } from '../rehearsal/read-metric.ts';
import { checkMetrics, matchesRule } from '../validation/run.ts';
import type { Compared } from './compare.ts';

/** A metric with the fields that are written in a manifest, as far as the recordings set them. */
interface WrittenMetric extends Readonly<Record<string, unknown>> {
  /** The phase of each read in turn, as a letter of `PHASES`. */
  readonly series: string;
}

interface MetricCase extends WrittenMetric {
  readonly terminating: boolean;
  readonly out: string;
  readonly message: string;
}

interface RunCase {
  readonly metrics: readonly (JsonMap & WrittenMetric)[];
  readonly dryRun: readonly string[];
  readonly terminateAt: number | null;
  readonly steps: readonly string[];
  readonly phase: string;
  readonly message: string;
  readonly metricMessages?: readonly string[];
  readonly counters?: readonly (readonly number[])[];
}

const PHASES: Readonly<Record<string, MeasurementPhase>> = {
  S: 'Successful',
  F: 'Failed',
  I: 'Inconclusive',
  E: 'Error',
};
const letter = (phase: string) => (phase === '' ? '-' : phase.slice(0, 1));

/** The measurement that a letter stands for; an Error has the message of the recordings. */
function read(phase: string | undefined): { readonly phase: MeasurementPhase; readonly message?: string } {
  const known = PHASES[phase ?? ''] ?? 'Error';
  return known === 'Error' ? { phase: known, message: 'no data' } : { phase: known };
}

/** The limits of one metric, after each of its reads. */
export function measurements({ series, terminating, out, message, ...written }: MetricCase): Compared {
  const metric = { name: 'metric', isDryRun: false, ...readSchedule(written) };
  const result = createMetricResult();
  let phases = '';
  if (series === '') {
    phases = letter(assessMetric(metric, result, terminating));
  }
  for (const phase of series) {
    countMeasurement(result, { ...read(phase), finishedAt: 0 });
    result.phase = assessMetric(metric, result, terminating);
    phases += letter(result.phase);
  }
  return [
    { out, message },
    { out: phases, message: exceededLimit(metric, result)?.message ?? '' },
  ];
}

/** Of a metric's result, in the order of the recordings. */
const COUNTERS = [
  'count',
  'successful',
  'failed',
  'inconclusive',
  'error',
  'consecutiveError',
  'consecutiveSuccess',
] as const;

/** Seconds between the reconciles of the recordings. */
const BETWEEN = 31;

/** A whole AnalysisRun. */
export function run(vector: RunCase): Compared {
  const written = vector.metrics.map((metric): JsonMap => ({ ...metric, provider: { prometheus: {} } }));
  const problem = checkMetrics(written, vector.dryRun);
  const metrics = written.map((metric) => ({
    name: String(metric.name),
    isDryRun: vector.dryRun.some((rule) => matchesRule(rule, metric)),
    ...readSchedule(metric),
  }));
  const run = createAnalysisRun('run', problem === undefined ? { metrics } : { metrics, problem }, 'hash');
  const taken = new Map<string, number>();
  const steps: string[] = [];
  for (let index = 0; index < vector.steps.length; index += 1) {
    run.isTerminated ||= vector.terminateAt === index;
    const reads = new Map<string, string>();
    reconcileAnalysisRun(run, 1000 + index * BETWEEN, ({ name }) => {
      const place = taken.get(name) ?? 0;
      taken.set(name, place + 1);
      const phase = vector.metrics.find((metric) => metric.name === name)?.series[place];
      reads.set(name, phase ?? '-');
      return read(phase);
    });
    const phaseLetters = metrics.map(({ name }) => letter(run.results.get(name)?.phase ?? ''));
    const readLetters = metrics.map(({ name }) => reads.get(name) ?? '-');
    steps.push(`${letter(run.phase)} ${phaseLetters.join('')} ${readLetters.join('')}`);
    if (isCompleted(run.phase)) {
      break;
    }
  }
  const results = metrics.map(({ name }) => run.results.get(name) ?? createMetricResult());
  const got = {
    steps,
    phase: run.phase,
    message: run.message,
    metricMessages: results.map(({ message }) => message),
    counters: results.map((one) => COUNTERS.map((counter) => one[counter])),
  };
  const { phase, message, metricMessages = got.metricMessages, counters = got.counters } = vector;
  return [{ steps: vector.steps, phase, message, metricMessages, counters }, got];
}
