import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { textAt } from '../../manifest/json.ts';
import { makeNamespace, removeNamespace } from './namespace.ts';
import { FakeApiServer } from './testing/api-server.ts';
import { connectTo } from './testing/connect.ts';

let server: FakeApiServer;
beforeEach(async () => {
  server = await FakeApiServer.start();
});
afterEach(() => server.close());

const never = new AbortController().signal;
const make = (name = 'home') => makeNamespace(connectTo(server.url), name, never);

describe('makeNamespace', () => {
  test('makes a restricted namespace that says whose it is, and removes it with all that is in it', async () => {
    await make();
    const [namespace] = server.list('Namespace');
    expect(namespace).toMatchObject({
      metadata: {
        name: 'home',
        labels: { 'app.kubernetes.io/managed-by': 'rehearse', 'pod-security.kubernetes.io/enforce': 'restricted' },
      },
    });
    server.put({ kind: 'Pod', metadata: { name: 'a', namespace: 'home' } });
    await removeNamespace(connectTo(server.url), 'home', never);
    expect([server.list('Namespace'), server.list('Pod')]).toEqual([[], []]);
  });

  test('refuses a namespace that it did not make, and leaves it as it is', async () => {
    server.put({ kind: 'Namespace', metadata: { name: 'home', labels: { team: 'orders' } } });
    server.put({ kind: 'Pod', metadata: { name: 'a', namespace: 'home' } });
    await expect(make()).rejects.toThrow(
      "namespace 'home' is there and no rehearsal made it: choose another with --namespace",
    );
    expect(textAt(server.list('Namespace')[0], ['metadata', 'labels', 'team'])).toBe('orders');
    expect(server.list('Pod').length).toBe(1);
    expect(server.writes).toEqual([]);
  });

  test('begins anew in one that a rehearsal left behind', async () => {
    await make();
    server.put({ kind: 'Pod', metadata: { name: 'left', namespace: 'home' } });
    await make();
    expect([server.list('Namespace').length, server.list('Pod').length]).toEqual([1, 0]);
  });
});
