import { expect, test } from '@jest/globals';
import { createModelPods } from './pods.ts';

function replicaSet(specReplicas: number) {
  const counts = { replicas: 0, readyReplicas: 0, availableReplicas: 0 };
  return { hash: 'a', createdAt: 0, revision: 1, specReplicas, desired: specReplicas, ...counts };
}

test('a pod that needs no time to start is ready when it is made', () => {
  const set = replicaSet(2);
  const pods = createModelPods([set], () => ({ startupSeconds: 0 }), 0);
  expect(pods.reconcile(10)).toBe(true);
  // Nothing else would come to look at it again.
  expect(pods.nextTurn()).toBeUndefined();
  expect(set).toMatchObject({ replicas: 2, readyReplicas: 2, availableReplicas: 2 });
});

test('a pod that crashes is restarted at once the first time, then after a delay that doubles', () => {
  const pods = createModelPods([replicaSet(1)], () => ({ startupSeconds: 1, crashAfter: 2 }), 0);
  const readyAt: number[] = [];
  for (let now = 0; now < 100; now = pods.nextTurn() ?? 100) {
    const isChanged = pods.reconcile(now);
    if (isChanged && pods.pods[0]?.isReady) {
      readyAt.push(now);
    }
  }
  expect(readyAt).toEqual([1, 4, 17, 40, 83]);
});
