import { at, type Json, listAt, mapAt, type Path, textAt } from '../../manifest/json.ts';
import { folderOf, type Manifest } from '../../manifest/manifest.ts';
import { ANALYSIS, CANARY, podLabels, type Rollout } from '../../workload/rollout.ts';
import { analysesOf } from '../gate.ts';
import type { Problem, Rule } from '../rule.ts';
import { templateProblem } from '../template-merge.ts';
import type { Workspace } from '../workspace.ts';

/** The canary's own label, which the controller adds to the selectors of its Services. */
const HASH_LABEL = 'rollouts-pod-template-hash';

const SERVICES: readonly Path[] = [
  [...CANARY, 'stableService'],
  [...CANARY, 'canaryService'],
  [...CANARY, 'pingPong', 'pingService'],
  [...CANARY, 'pingPong', 'pongService'],
  ['spec', 'strategy', 'blueGreen', 'activeService'],
  ['spec', 'strategy', 'blueGreen', 'previewService'],
];

/** Mirrors `ValidateRolloutReferencedResources` in argo-rollouts `pkg/apis/rollouts/validation/validation_references.go` (v1.9.1), routers' own objects apart. */
export const rolloutReferences: Rule = {
  id: 'rollout/references',
  severity: 'error',
  why: 'The controller marks the Rollout InvalidSpec and stops reconciling it: it neither releases nor scales.',
  fix: 'Add the object, or correct the name; give verify the folder that holds it.',
  *check(workspace) {
    for (const rollout of workspace.rollouts) {
      yield* services(workspace, rollout);
      for (const { path, isBackground } of analysesOf(rollout)) {
        yield* templates(workspace, rollout, path, isBackground);
      }
    }
  },
};

function* services(workspace: Workspace, rollout: Rollout): Generator<Problem> {
  const { manifest } = rollout;
  const labels = podLabels(rollout);
  for (const path of SERVICES) {
    const name = textAt(manifest.object, path) ?? '';
    const service = name === '' ? undefined : workspace.find(manifest, 'Service', name);
    if (name !== '' && service === undefined) {
      yield { manifest, path, message: `Service '${name}' must be among these manifests` };
    }
    // A namesake in another folder may be another application's.
    const selector =
      service && folderOf(service) === folderOf(manifest) ? mapAt(service.object, ['spec', 'selector']) : {};
    for (const [key, value] of Object.entries(selector)) {
      if (key !== HASH_LABEL && rollout.template !== undefined && labels[key] !== value) {
        yield {
          manifest,
          path,
          message: `Service '${name}' must select the pods: the template has no label ${key}=${String(value)}`,
        };
      }
    }
  }
}

function* templates(
  workspace: Workspace,
  { manifest }: Rollout,
  path: Path,
  isBackground: boolean,
): Generator<Problem> {
  const found: Manifest[] = [];
  for (const [index, reference] of listAt(manifest.object, [...path, 'templates']).entries()) {
    const kind = at(reference, ['clusterScope']) === true ? 'ClusterAnalysisTemplate' : 'AnalysisTemplate';
    const name = textAt(reference, ['templateName']) ?? '';
    const template = workspace.find(manifest, kind, name);
    if (template === undefined) {
      yield {
        manifest,
        path: [...path, 'templates', index, 'templateName'],
        message: `${kind} '${name}' must be among these manifests`,
      };
    } else {
      found.push(template);
    }
  }
  const given = listAt(manifest.object, [...path, 'args']);
  const problem = templateProblem(found, given);
  if (problem !== undefined) {
    yield { manifest, path: [...path, 'templates'], message: `the templates must fit together: ${problem}` };
  } else if (isBackground) {
    yield* argumentsMissing(manifest, found, given);
  } else {
    yield* endless(manifest, path, found);
  }
}

/** Each background template must find its own arguments: a value that another template supplies does not count. */
function* argumentsMissing(
  manifest: Manifest,
  templates: readonly Manifest[],
  given: readonly Json[],
): Generator<Problem> {
  for (const template of templates) {
    for (const argument of listAt(template.object, ['spec', 'args'])) {
      const name = textAt(argument, ['name']) ?? '';
      const hasOwn = (at(argument, ['value']) ?? at(argument, ['valueFrom']) ?? null) !== null;
      if (!hasOwn && !given.some((one) => textAt(one, ['name']) === name)) {
        yield {
          manifest,
          path: [...ANALYSIS, 'templates'],
          message: `args must give '${name}', which AnalysisTemplate '${template.name}' leaves open`,
        };
      }
    }
  }
}

/** A step waits for its analysis, so that must end. */
function* endless(manifest: Manifest, path: Path, templates: readonly Manifest[]): Generator<Problem> {
  for (const template of templates) {
    for (const metric of listAt(template.object, ['spec', 'metrics'])) {
      const count = at(metric, ['count']) ?? 0;
      if ((textAt(metric, ['interval']) ?? '') !== '' && (count === 0 || count === '0')) {
        const name = String(at(metric, ['name']));
        yield {
          manifest,
          path: [...path, 'templates'],
          message: `metric '${name}' of AnalysisTemplate '${template.name}' must have a \`count\`: a step waits for its end`,
        };
      }
    }
  }
}
