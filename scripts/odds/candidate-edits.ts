import { pauseSeconds } from '../argo/duration.ts';
import { at, formatPath, type Json, listAt, numberAt, type Path, textAt } from '../manifest/json.ts';
import type { Manifest } from '../manifest/manifest.ts';
import { parseDuration } from '../promql/literals.ts';
import type { Model } from '../rehearsal/model/model.ts';
import { seriesOfPod } from '../rehearsal/model/pod-series.ts';
import type { MeasuredMetric } from '../rehearsal/read-metric.ts';
import { CANARY } from '../rehearsal/release.ts';
import { STEPS } from '../workload/rollout.ts';
import type { Edit } from './edit.ts';

/** Values to try, in seconds. */
const INTERVALS = [10, 15, 20, 30, 45, 60, 90];
const DELAYS = [5, 10, 20, 30, 45, 60];
const WINDOWS = [30, 60, 120, 180, 300, 600];
const PAUSES = [30, 60, 90, 120, 180, 300, 600];
const FAILURE_LIMITS = [0, 1, 2, 3, 4];
/** Success ratios to try, 0–1. */
const THRESHOLDS = [0.8, 0.9, 0.95, 0.97, 0.98, 0.985, 0.99, 0.995, 0.998];
/** Smoothing to try: the constant, in requests a second, that a query adds to its rates. */
const SMOOTHINGS = [0.05, 0.1, 0.2, 0.5, 1, 2, 5];
/** Factors of the number of replicas to try. */
const REPLICAS = [2, 3];
/** Scrapes that a rate's window must hold, so that one lost scrape still leaves two samples. */
const SCRAPES_A_WINDOW = 4;

/** Every single edit that may improve a gate: of metrics that count failures apart from successes, and of the Rollout. */
export function editsOf(model: Model): readonly Edit[] {
  const { workload } = model;
  const templates = workload.manifests.filter(({ kind }) => kind.endsWith('AnalysisTemplate'));
  const names = new Set(workload.metrics.filter((metric) => tellsFailures(model, metric)).map(({ name }) => name));
  const metrics = templates.flatMap((template) =>
    listAt(template.object, ['spec', 'metrics']).flatMap((metric, index) =>
      names.has(textAt(metric, ['name']) ?? '')
        ? metricEdits(template, ['spec', 'metrics', index], model.scrapeInterval)
        : [],
    ),
  );
  return [...metrics, ...rolloutEdits(workload.rollout.manifest)];
}

function tellsFailures({ workload }: Model, { expr }: MeasuredMetric): boolean {
  const series = expr === undefined ? [] : seriesOfPod(workload, [expr], { name: 'canary', hash: CANARY });
  return series.some(({ shape: { of } }) => of.includes('failed') !== of.includes('succeeded'));
}

/** An edit that replaces one value by another. */
function replace(manifest: Manifest, path: Path, value: string | number): Edit {
  const before = at(manifest.object, path);
  return {
    manifest,
    path,
    setting: `${manifest.kind} ${manifest.name} ${formatPath(path)}`,
    from: typeof before === 'string' || typeof before === 'number' ? String(before) : '',
    to: String(value),
    change: () => value,
  };
}

/** Edits that replace every occurrence of a text within a string. */
function rewrite(manifest: Manifest, path: Path, what: string, from: string, to: string): Edit {
  const change = (value: Json | undefined) =>
    typeof value === 'string' ? value.replaceAll(from, to) : (value ?? null);
  return { manifest, path, setting: `${manifest.kind} ${manifest.name} ${formatPath(path)} ${what}`, from, to, change };
}

function metricEdits(template: Manifest, path: Path, scrapeInterval: number): readonly Edit[] {
  const metric = at(template.object, path);
  const durations = (field: string, values: readonly number[]) =>
    values
      .filter((value) => value !== pauseSeconds(textAt(metric, [field]) ?? ''))
      .map((value) => replace(template, [...path, field], `${value}s`));
  return [
    ...thresholdEdits(template, path),
    ...FAILURE_LIMITS.filter((limit) => limit !== (numberAt(metric, ['failureLimit']) ?? 0)).map((limit) =>
      replace(template, [...path, 'failureLimit'], limit),
    ),
    ...durations('interval', INTERVALS),
    ...durations('initialDelay', DELAYS),
    ...queryEdits(template, [...path, 'provider', 'prometheus', 'query'], scrapeInterval),
  ];
}

function thresholdEdits(template: Manifest, path: Path): readonly Edit[] {
  return ['successCondition', 'failureCondition'].flatMap((field) => {
    const condition = textAt(template.object, [...path, field]) ?? '';
    const [, operator = '', number] = /^\s*result(?:\[0\])?\s*([<>])=?\s*(\d*\.?\d+)\s*$/.exec(condition) ?? [];
    if (number === undefined) {
      return [];
    }
    // A metric that is a share of failures has its limit at 1 minus the success ratio.
    const isOfSuccesses = (operator === '>') === (field === 'successCondition');
    const values = THRESHOLDS.map((value) => (isOfSuccesses ? value : Number((1 - value).toPrecision(3))));
    return values
      .filter((value) => value !== Number(number))
      .map((value) => replace(template, [...path, field], condition.replace(/\d*\.?\d+(?=\s*$)/, String(value))));
  });
}

function queryEdits(template: Manifest, path: Path, scrapeInterval: number): readonly Edit[] {
  const query = textAt(template.object, path) ?? '';
  const windows = [...new Set(query.match(/\[\d+[smh]\]/g))];
  const constants = [...new Set(query.match(/\+\s*\d*\.?\d+(?![\w.])/g))];
  const [window, constant] = [
    windows.length === 1 ? windows[0] : undefined,
    constants.length === 1 ? constants[0] : undefined,
  ];
  return [
    ...(window === undefined ? [] : WINDOWS)
      .filter((seconds) => seconds >= SCRAPES_A_WINDOW * scrapeInterval)
      .filter((seconds) => seconds !== parseDuration(window?.slice(1, -1) ?? ''))
      .map((seconds) => `[${seconds < 60 ? `${seconds}s` : `${seconds / 60}m`}]`)
      .map((text) => rewrite(template, path, 'window', window ?? '', text)),
    ...(constant === undefined ? [] : SMOOTHINGS)
      .filter((value) => value !== Number(constant?.replace('+', '')))
      .map((value) => rewrite(template, path, 'smoothing', constant ?? '', `+ ${value}`)),
  ];
}

function rolloutEdits(rollout: Manifest): readonly Edit[] {
  const replicas = numberAt(rollout.object, ['spec', 'replicas']) ?? 1;
  const pauses = listAt(rollout.object, STEPS).flatMap((_, index) => {
    const path = [...STEPS, index, 'pause', 'duration'];
    const duration = at(rollout.object, path);
    return PAUSES.filter((seconds) =>
      typeof duration === 'number' || typeof duration === 'string' ? seconds !== pauseSeconds(duration) : false,
    ).map((seconds) => replace(rollout, path, typeof duration === 'number' ? seconds : `${seconds}s`));
  });
  return [...REPLICAS.map((times) => replace(rollout, ['spec', 'replicas'], replicas * times)), ...pauses];
}
