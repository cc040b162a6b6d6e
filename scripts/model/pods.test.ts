import { expect, test } from '@jest/globals';
import { createModelPods } from './pods.ts';

test('a pod that needs no time to start is ready when it is made', () => {
  const set = {
    hash: 'a',
    createdAt: 0,
    revision: 1,
    specReplicas: 2,
    desired: 2,
    replicas: 0,
    readyReplicas: 0,
    availableReplicas: 0,
  };
  const pods = createModelPods([set], () => ({ startupSeconds: 0 }), 0);
  expect(pods.reconcile(10)).toBe(true);
  // Nothing else would come to look at it again.
  expect(pods.nextTurn()).toBeUndefined();
  expect(set).toMatchObject({ replicas: 2, readyReplicas: 2, availableReplicas: 2 });
});
