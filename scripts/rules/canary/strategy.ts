import { at, isMap, textAt } from '../../manifest/json.ts';
import { CANARY } from '../../workload/rollout.ts';
import { podsInRelease, workloadDeployment } from '../../workload/workload-deployment.ts';
import { each, type Rule } from '../rule.ts';
import { rollouts } from '../subjects.ts';

export const ungated: Rule = {
  id: 'canary/ungated',
  severity: 'warning',
  why: 'Nothing measures the new version: its steps go by the clock, and a release that answers every request with a 500 reaches every user.',
  fix: 'Name a template in `strategy.canary.analysis`, with `startingStep: 1`.',
  check: each(rollouts, function* (rollout, { uses, peers }) {
    const { manifest, canary, steps } = rollout;
    const measures = steps.some((step) => isMap(step) && (isMap(step.experiment) || isMap(step.plugin)));
    if (canary === undefined || measures || uses.some((use) => use.rollout === rollout)) {
      return;
    }
    const used = new Set(uses.flatMap(({ analysis }) => analysis.collected.templates));
    const unused = peers(manifest, 'AnalysisTemplate').filter((template) => !used.has(template));
    const names = unused.map(({ name }) => `'${name}'`).join(', ');
    const aside = unused.length > 0 ? `, while template ${names} beside it is used by nobody` : '';
    const waits = steps.some((step) => isMap(step) && isMap(step.pause) && (step.pause.duration ?? null) === null);
    yield {
      path: [...CANARY, 'analysis'],
      message: `analysis must be set: nothing measures the canary${aside}`,
      // A pause without duration lets a person decide; without steps the release is a plain rolling update.
      severity: unused.length > 0 ? 'error' : waits || steps.length === 0 ? 'info' : 'warning',
    };
  }),
};

export const deploymentPods: Rule = {
  id: 'canary/deployment-pods',
  severity: 'error',
  why: 'A new template is the Deployment’s too: it gives its own pods the new version at once, past every step and every analysis. The controller scales it down once, after the first version; what is applied with `replicas` brings the pods back.',
  fix: 'Write `replicas: 0` in the Deployment; or leave `replicas` out and set `scaleDown: onsuccess` in the `workloadRef`.',
  check: each(rollouts, function* (rollout) {
    const found = workloadDeployment(rollout);
    const pods = found === undefined ? 0 : podsInRelease(found);
    if (found !== undefined && pods > 0) {
      const message = `workloadRef must name a Deployment without pods: '${found.name}' has ${pods} of its own, which get the new version at once`;
      // With `scaleDown` the controller keeps the Deployment at 0 pods until its manifest is applied again.
      const severity = found.scaleDown === 'never' ? 'error' : 'warning';
      yield { path: ['spec', 'workloadRef'], pointAt: 'key', message, severity };
    }
  }),
};

export const maxUnavailable: Rule = {
  id: 'canary/max-unavailable',
  severity: 'warning',
  why: 'The controller may take so many stable pods away before a canary pod is up, at every step: what is left serves all users.',
  fix: 'Write `maxSurge: 1` and `maxUnavailable: 0`; or the number that you can spare.',
  check: each(rollouts, function* ({ canary, replicas, hasRouter, maxUnavailable: missing }) {
    // With a traffic router, stable keeps all its pods until the end.
    if (canary === undefined || hasRouter || replicas === 0 || missing === 0) {
      return;
    }
    const written = at(canary, ['maxUnavailable']);
    const isHalf = missing * 2 >= replicas;
    const isAll = missing >= replicas;
    if (isHalf || written === undefined) {
      const value = written === undefined ? 'its default' : `'${written}'`;
      yield {
        path: [...CANARY, 'maxUnavailable'],
        message: `maxUnavailable must leave enough pods: ${value} lets ${isAll ? 'all' : missing} of ${replicas} be missing`,
        severity: isAll ? 'error' : isHalf ? 'warning' : 'info',
      };
    }
  }),
};

export const routerWaits: Rule = {
  id: 'canary/router-waits',
  severity: 'warning',
  why: 'With subsets of a DestinationRule and no Services the controller waits for every pod before it writes anything else: a canary that never gets ready is neither measured nor aborted by the deadline (argo-rollouts #4626, still so in v1.10.2).',
  fix: 'Name a `canaryService` and a `stableService`, and let the VirtualService route between them.',
  check: each(rollouts, function* ({ canary }) {
    const path = ['trafficRouting', 'istio', 'destinationRule'];
    const hasService = ['canaryService', 'stableService'].some((field) => (textAt(canary, [field]) ?? '') !== '');
    if (isMap(at(canary, path)) && !hasService) {
      const message =
        'destinationRule must have a canaryService and a stableService beside it: without them the deadline never aborts';
      yield { path: [...CANARY, ...path], pointAt: 'key', message };
    }
  }),
};

export const scaleDownDelay: Rule = {
  id: 'canary/scale-down-delay',
  severity: 'error',
  why: 'With a traffic router a delay of 0 is no delay but none at all: the old pods get no deadline, are never scaled down, and the controller looks at them again without a pause (argo-rollouts v1.10.2).',
  fix: 'Set `scaleDownDelaySeconds` to 1 or more, or leave it out: then it is 30.',
  check: each(rollouts, function* ({ canary, hasRouter }) {
    if (hasRouter && canary?.scaleDownDelaySeconds === 0) {
      const message =
        'scaleDownDelaySeconds must be greater than 0 with a traffic router: the old pods are never scaled down';
      yield { path: [...CANARY, 'scaleDownDelaySeconds'], message };
    }
  }),
};
