import { type JsonMap, listAt, mapAt } from '../../manifest/json.ts';
import type { Manifest } from '../../manifest/manifest.ts';
import { CANARY, podLabels, STEPS } from '../../workload/rollout.ts';
import { labelsMatch } from '../../workload/selector.ts';
import type { Problem, Rule } from '../rule.ts';
import { pods } from '../subjects.ts';
import type { Workspace } from '../workspace.ts';

interface Workload {
  readonly manifest: Manifest;
  readonly labels: JsonMap;
}

/** The labels of all pods that these manifests make, also of experiments, and with those that only canary or stable pods get. */
function* workloadsOf(workspace: Workspace): Generator<Workload> {
  yield* pods(workspace);
  for (const rollout of workspace.rollouts) {
    const { manifest } = rollout;
    const labels = podLabels(rollout);
    const own = (place: JsonMap) => ({ manifest, labels: { ...labels, ...mapAt(place, ['labels']) } });
    yield { manifest, labels };
    for (const extra of ['canaryMetadata', 'stableMetadata']) {
      yield own(mapAt(manifest.object, [...CANARY, extra]));
    }
    for (const index of rollout.steps.keys()) {
      for (const template of listAt(manifest.object, [...STEPS, index, 'experiment', 'templates'])) {
        yield own(mapAt(template, ['metadata']));
      }
    }
  }
  for (const manifest of workspace.ofKind('Experiment')) {
    for (const template of listAt(manifest.object, ['spec', 'templates'])) {
      yield { manifest, labels: mapAt(template, ['template', 'metadata', 'labels']) };
    }
  }
}

export const serviceSelectsNothing: Rule = {
  id: 'service/selects-nothing',
  severity: 'error',
  why: 'A Service without pods answers nobody, and whatever is scraped through it has no series.',
  fix: 'Make `spec.selector` a part of the labels of the pod template.',
  *check(workspace): Generator<Problem> {
    const workloads = [...workloadsOf(workspace)];
    const services = workspace
      .ofKind('Service')
      .map((manifest) => ({ manifest, selector: mapAt(manifest.object, ['spec', 'selector']) }));
    // Pods that no Service selects. A Service that selects nothing was meant for them if they have the label names that it wants.
    const orphans = workloads.filter(({ labels }) => !services.some(({ selector }) => labelsMatch(selector, labels)));
    for (const { manifest, selector } of services) {
      const wanted = Object.entries(selector);
      const orphan = orphans.find(
        (one) =>
          workspace.peers(manifest, one.manifest.kind).includes(one.manifest) &&
          wanted.length > 0 &&
          wanted.every(([key]) => Object.hasOwn(one.labels, key)),
      );
      if (orphan !== undefined && !workloads.some(({ labels }) => labelsMatch(selector, labels))) {
        const labels = wanted.map(([key, value]) => `${key}=${String(value)}`).join(', ');
        const { kind, name } = orphan.manifest;
        const message = `selector ${labels} must match the labels of some pod template, such as that of ${kind} '${name}'`;
        yield { manifest, path: ['spec', 'selector'], message };
      }
    }
  },
};
