import { limitValue } from '../argo/limit.ts';
import { at, isMap, listAt, mapAt, type Path, textAt } from '../manifest/json.ts';
import type { Manifest } from '../manifest/manifest.ts';
import { type AnalysisPlace, analysesOf } from '../workload/analyses.ts';
import { declaredArgument, giveArguments } from '../workload/analysis-arguments.ts';
import { createRunSpec } from '../workload/analysis-run.ts';
import { collectTemplates } from '../workload/analysis-templates.ts';
import { findBeside, type Objects } from '../workload/objects.ts';
import { resolveMetric } from '../workload/resolve-metric.ts';
import { CANARY, podLabels, type Rollout, STEPS } from '../workload/rollout.ts';
import { selectorMatches } from '../workload/selector.ts';
import { must, problem, type SpecProblem, type SpecProblems } from './problem.ts';
import { routerObjects, routerProblems } from './router-objects.ts';

/** The label with the hash of a pod template, which the controller adds to the selectors of a Rollout's Services. */
const HASH_LABEL = 'rollouts-pod-template-hash';
const MANAGED_BY = 'argo-rollouts.argoproj.io/managed-by-rollouts';

type Files = Pick<Objects, 'find'>;

const SERVICES: readonly Path[] = [
  [...CANARY, 'stableService'],
  [...CANARY, 'canaryService'],
  [...CANARY, 'pingPong', 'pingService'],
  [...CANARY, 'pingPong', 'pongService'],
  ['spec', 'strategy', 'blueGreen', 'activeService'],
  ['spec', 'strategy', 'blueGreen', 'previewService'],
];

/**
 * Objects that a Rollout names but the manifests lack, with their kind: the controller refuses the Rollout if the cluster lacks
 * them too.
 */
export function* missingObjects(
  objects: Files,
  { manifest }: Rollout,
): Generator<SpecProblem & { readonly kind: string }> {
  const services = SERVICES.map((path) => ({ kind: 'Service', name: textAt(manifest.object, path) ?? '', path }));
  for (const { kind, name, path } of [...services, ...routerObjects(manifest)]) {
    if (name !== '' && objects.find(manifest, kind, name) === undefined) {
      yield { ...problem(path, `${kind} '${name}' must be among these manifests`), kind };
    }
  }
  for (const { path } of analysesOf(manifest.object)) {
    for (const { index, kind, name } of collected(objects, manifest, path).missing) {
      const here = [...path, 'templates', index, 'templateName'];
      yield { ...problem(here, `${kind} '${name}' must be among these manifests`), kind };
    }
  }
}

const collected = (objects: Files, manifest: Manifest, path: Path) =>
  collectTemplates(listAt(manifest.object, [...path, 'templates']), (kind, name) => objects.find(manifest, kind, name));

/**
 * Mirrors `ValidateRolloutReferencedResources` in argo-rollouts `pkg/apis/rollouts/validation/validation_references.go` (v1.10.2) for
 * the objects that are among the manifests.
 */
export function* referenceProblems(objects: Files, rollout: Rollout): SpecProblems {
  const { manifest, template } = rollout;
  const selector = at(manifest.object, ['spec', 'selector']);
  if (template !== undefined && template.manifest !== manifest && isMap(selector)) {
    const { kind, name } = template.manifest;
    const message = `selector must match the labels of the template of ${kind} '${name}'`;
    yield* must(selectorMatches(selector, podLabels(rollout)), ['spec', 'selector'], message);
  }
  yield* serviceProblems(objects, rollout);
  for (const analysis of analysesOf(manifest.object)) {
    yield* templatesProblems(objects, manifest, analysis);
  }
  yield* routerProblems(objects, manifest);
}

function* serviceProblems(objects: Files, rollout: Rollout): SpecProblems {
  const { manifest } = rollout;
  const labels = podLabels(rollout);
  for (const path of SERVICES) {
    const name = textAt(manifest.object, path) ?? '';
    const service = name === '' ? undefined : findBeside(objects, manifest, 'Service', name);
    if (service === undefined) {
      continue;
    }
    for (const [key, value] of Object.entries(mapAt(service.object, ['spec', 'selector']))) {
      const isSelected = key === HASH_LABEL || rollout.template === undefined || labels[key] === value;
      const reason = `the template has no label ${key}=${String(value)}`;
      yield* must(isSelected, path, `Service '${name}' must select the pods: ${reason}`);
    }
    const owner = textAt(service.object, ['metadata', 'annotations', MANAGED_BY]) ?? manifest.name;
    const message = `Service '${name}' must not be managed by another Rollout, got '${owner}'`;
    yield* must(owner === manifest.name, path, message);
  }
}

/** What the controller refuses in the templates of one `analysis` block. Mirrors `ValidateAnalysisTemplatesWithType`. */
function* templatesProblems(objects: Files, manifest: Manifest, analysis: AnalysisPlace): SpecProblems {
  const { object } = manifest;
  const { path, isBackground } = analysis;
  const here = [...path, 'templates'];
  const { templates, missing, circle } = collected(objects, manifest, path);
  if (missing.length > 0) {
    return;
  }
  if (circle !== undefined) {
    yield problem(here, `template '${circle}' must not lead to itself: the controller follows it until it crashes`);
    return;
  }
  const written = listAt(object, [...path, 'args']);
  const given = giveArguments(written, object).args;
  // As in the controller: each analysis is checked with the `dryRun` of every step's analysis, even of other steps.
  for (const step of [null, ...listAt(object, STEPS)]) {
    const dryRun = listAt(step, ['analysis', 'dryRun']);
    const measurementRetention = listAt(step, ['analysis', 'measurementRetention']);
    const reason = createRunSpec(templates, { given, dryRun, measurementRetention }).problem;
    if (reason !== undefined) {
      yield problem(here, `the templates must fit together: ${reason}`);
      return;
    }
  }
  const names = written.map((one) => textAt(one, ['name']) ?? '');
  for (const template of templates) {
    for (const reason of isBackground ? openArguments(template, names) : endless(template)) {
      yield problem(here, reason);
    }
  }
}

/** Arguments of a background template that neither it nor the Rollout gives a value; another template's value does not count. */
function openArguments(template: Manifest, given: readonly string[]): readonly string[] {
  return listAt(template.object, ['spec', 'args'])
    .map(declaredArgument)
    .filter(({ name, value, hasSource }) => value === undefined && !hasSource && !given.includes(name))
    .map(({ name }) => `args must give '${name}', which ${template.kind} '${template.name}' leaves open`);
}

/**
 * What the controller refuses in a template whose end it waits for, such as a metric with an `interval` and no `count`, which is
 * read for ever. Mirrors `validateAnalysisMetrics`.
 */
function endless(template: Manifest): readonly string[] {
  const of = `of ${template.kind} '${template.name}'`;
  const args = listAt(template.object, ['spec', 'args']).map(declaredArgument);
  const both = args.find(({ value, hasSource }) => value !== undefined && hasSource);
  if (both !== undefined) {
    return [`argument '${both.name}' ${of} must not have both \`value\` and \`valueFrom\``];
  }
  const resolved = listAt(template.object, ['spec', 'metrics']).map((metric) =>
    resolveMetric(mapAt(metric), args, ({ value }) => value ?? 'dummy-value'),
  );
  const unresolved = resolved.find((one) => one.problem !== undefined)?.problem;
  if (unresolved !== undefined) {
    return [`metrics ${of} must find their arguments in it, each template for itself beside a step: ${unresolved}`];
  }
  return resolved
    .filter(({ metric }) => (limitValue(metric.count) ?? 0) === 0 && (textAt(metric, ['interval']) ?? '') !== '')
    .map(({ metric }) => `metric '${String(metric.name)}' ${of} must have a \`count\`: a step waits for its end`);
}
