import { createAnalysisRun, reconcileAnalysisRun } from '../argo/analysis-run.ts';
import {
  assessMetric,
  countMeasurement,
  createMetricResult,
  exceededLimit,
  isCompleted,
  type MeasurementPhase,
  type Metric,
} from '../argo/metric.ts';
import type { JsonMap } from '../manifest/json.ts';
import { readSchedule } from '../rehearsal/read-metric.ts';
import { checkMetrics, matchesRule } from '../validation/run.ts';
import { compare, type Difference } from './check.ts';

interface WrittenMetric {
  readonly name?: string;
  readonly interval?: string;
  readonly count?: number | string;
  readonly failureLimit?: number | string;
  readonly inconclusiveLimit?: number | string;
  readonly consecutiveErrorLimit?: number | string;
  readonly consecutiveSuccessLimit?: number | string;
  /** The phase of each read in turn, as a letter of `PHASES`. */
  readonly series: string;
}

interface MetricCase extends WrittenMetric {
  readonly kind: 'metric';
  readonly terminating: boolean;
  readonly out: string;
  readonly message: string;
}

interface RunCase {
  readonly kind: 'run';
  readonly metrics: readonly (WrittenMetric & { readonly name: string })[];
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

export function checkMeasurements(vector: MetricCase | RunCase): Difference | undefined {
  return vector.kind === 'metric' ? checkMetric(vector) : checkRun(vector);
}

function metricOf(written: WrittenMetric, isDryRun = false): Metric {
  return { name: written.name ?? 'metric', isDryRun, ...readSchedule({ ...written }) };
}

/** The measurement that a letter stands for; an Error has the message of the recordings. */
function read(phase: string | undefined): { readonly phase: MeasurementPhase; readonly message?: string } {
  const known = PHASES[phase ?? ''] ?? 'Error';
  return known === 'Error' ? { phase: known, message: 'no data' } : { phase: known };
}

function checkMetric({ series, terminating, out, message, ...written }: MetricCase): Difference | undefined {
  const metric = metricOf({ ...written, series });
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
  return compare({ out, message }, { out: phases, message: exceededLimit(metric, result)?.message ?? '' });
}

/** Seconds between the reconciles of the recordings. */
const BETWEEN = 31;

function checkRun(vector: RunCase): Difference | undefined {
  const { dryRun } = vector;
  const written = vector.metrics.map((metric) => ({ ...metric, provider: { prometheus: {} } }) as unknown as JsonMap);
  const { problem } = checkMetrics(written, dryRun);
  const metrics = vector.metrics.map((written) =>
    metricOf(
      written,
      dryRun.some((rule) => matchesRule(rule, { name: written.name })),
    ),
  );
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
    if (run.phase !== '' && isCompleted(run.phase)) {
      break;
    }
  }
  const results = metrics.map(({ name }) => run.results.get(name) ?? createMetricResult());
  const counters = results.map((result) => [
    result.count,
    result.successful,
    result.failed,
    result.inconclusive,
    result.error,
    result.consecutiveError,
    result.consecutiveSuccess,
  ]);
  const { phase, message } = run;
  const got = { steps, phase, message, metricMessages: results.map((result) => result.message), counters };
  const wanted = {
    steps: vector.steps,
    phase: vector.phase,
    message: vector.message,
    metricMessages: vector.metricMessages ?? got.metricMessages,
    counters: vector.counters ?? got.counters,
  };
  return compare(wanted, got);
}
