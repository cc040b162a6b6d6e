import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { examples } from '../../../api/testing/fuzz.ts';
import { createRecorder, type ReleaseEvent } from '../../argo/events.ts';
import type { RolloutState } from '../../argo/rollout-state.ts';
import { CANARY, STABLE } from '../release.ts';
import { type ArbitraryRelease, arbitraryRelease } from '../testing/arbitrary-release.ts';
import { playRelease } from '../testing/play-release.ts';
import { createMirror } from './mirror.ts';
import { analysisRuns, rolloutStatus } from './testing/published.ts';

/** Everything that a cluster would show of a Rollout. */
function publish(state: RolloutState) {
  return [
    ...analysisRuns(state),
    ...state.replicaSets.map(({ hash, specReplicas, replicas, readyReplicas, availableReplicas }) => ({
      kind: 'ReplicaSet',
      metadata: { name: `app-${hash}`, labels: { 'rollouts-pod-template-hash': hash } },
      spec: { replicas: specReplicas },
      status: { replicas, readyReplicas, availableReplicas },
    })),
    { kind: 'Rollout', metadata: { name: 'app' }, status: rolloutStatus(state) },
  ];
}

/** What the engine's own state shows of a release, and what the mirror shows that saw it in a cluster. */
function playBoth(release: ArbitraryRelease) {
  const mirror = createMirror(release.plan);
  const seen = createRecorder(mirror.state);
  const [own, mirrored]: [ReleaseEvent[], ReleaseEvent[]] = [[], []];
  let written: (() => readonly ReleaseEvent[]) | undefined;
  let hasBegun = false;
  playRelease(release, (state) => {
    written ??= createRecorder(state);
    own.push(...written());
    if (state.wantedHash === 'canary' && !hasBegun) {
      hasBegun = true;
      mirror.beginRelease();
    }
    for (const object of publish(state)) {
      mirror.see(object, false);
    }
    while (mirror.applyNext()) {
      mirrored.push(...seen());
    }
  });
  return { own, mirrored };
}

/** By kind: between two looks a cluster's objects arrive in any order. */
const KINDS = ['create', 'scale', 'available', 'step', 'pause', 'phase', 'abort', 'promoted', 'measurement'] as const;
const named = (text: string) => text.replaceAll('"stable"', `"${STABLE}"`).replaceAll('"canary"', `"${CANARY}"`);

test('a release in a cluster is seen as the engine that decides it sees it', () => {
  fc.assert(
    fc.property(arbitraryRelease({ mayFail: true }), (release) => {
      // A rehearsal changes the template once.
      const actions = release.actions.filter(({ action }) => action !== 'setImage');
      const { own, mirrored } = playBoth({ ...release, actions });
      for (const kind of KINDS) {
        const of = (events: readonly ReleaseEvent[]) =>
          events.filter(({ event }) => event === kind).map((event) => named(JSON.stringify(event)));
        expect(of(mirrored)).toEqual(of(own));
      }
    }),
    examples(25),
  );
});
