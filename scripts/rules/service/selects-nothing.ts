import { type JsonMap, listAt, mapAt } from '../../manifest/json.ts';
import type { Manifest } from '../../manifest/manifest.ts';
import { CANARY, podLabels, STEPS } from '../../workload/rollout.ts';
import { labelsMatch } from '../../workload/selector.ts';
import { podsOf } from '../pods.ts';
import type { Rule } from '../rule.ts';
import type { Workspace } from '../workspace.ts';

interface Workload {
  readonly manifest: Manifest;
  readonly labels: JsonMap;
}

/** The labels of all pods that these manifests make, also of experiments, and with those that only canary or stable pods get. */
function* workloadsOf(workspace: Workspace): Generator<Workload> {
  for (const { manifest, path } of podsOf(workspace)) {
    yield { manifest, labels: mapAt(manifest.object, [...path.slice(0, -1), 'metadata', 'labels']) };
  }
  for (const rollout of workspace.rollouts) {
    const { manifest } = rollout;
    const labels = podLabels(rollout);
    yield { manifest, labels };
    for (const extra of ['canaryMetadata', 'stableMetadata']) {
      yield { manifest, labels: { ...labels, ...mapAt(manifest.object, [...CANARY, extra, 'labels']) } };
    }
    for (const index of rollout.steps.keys()) {
      for (const template of listAt(manifest.object, [...STEPS, index, 'experiment', 'templates'])) {
        yield { manifest, labels: { ...labels, ...mapAt(template, ['metadata', 'labels']) } };
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
  *check(workspace) {
    const workloads = [...workloadsOf(workspace)];
    const selectors = workspace.ofKind('Service').map((service) => mapAt(service.object, ['spec', 'selector']));
    // Pods that no Service selects. A Service that selects nothing was meant for them if they have the label names that it wants.
    const orphans = workloads.filter(({ labels }) => !selectors.some((selector) => labelsMatch(selector, labels)));
    for (const service of workspace.ofKind('Service')) {
      const selector = mapAt(service.object, ['spec', 'selector']);
      if (workloads.some(({ labels }) => labelsMatch(selector, labels))) {
        continue;
      }
      const orphan = orphans.find(
        ({ manifest, labels }) =>
          workspace.peers(service, manifest.kind).includes(manifest) &&
          Object.keys(selector).length > 0 &&
          Object.keys(selector).every((key) => Object.hasOwn(labels, key)),
      );
      if (orphan !== undefined) {
        const wanted = Object.entries(selector).map(([key, value]) => `${key}=${String(value)}`);
        yield {
          manifest: service,
          path: ['spec', 'selector'],
          message: `selector ${wanted.join(', ')} must match the labels of some pod template, such as that of ${orphan.manifest.kind} '${orphan.manifest.name}'`,
        };
      }
    }
  },
};
