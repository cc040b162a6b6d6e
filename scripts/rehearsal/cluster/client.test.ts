import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { type JsonMap, textAt } from '../../manifest/json.ts';
import type { ClusterClient } from './client.ts';
import { FakeApiServer } from './testing/api-server.ts';
import { connectTo } from './testing/connect.ts';

let server: FakeApiServer;
let cluster: ClusterClient;

beforeEach(async () => {
  server = await FakeApiServer.start({ without: ['ServiceMonitor'], forbidden: ['create namespaces', 'get pods/log'] });
  cluster = connectTo(server.url);
  server.put({ kind: 'Namespace', metadata: { name: 'home' } });
});
afterEach(() => server.close());

const config = (name: string, data: JsonMap): JsonMap => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name, namespace: 'home' },
  data,
});

/** Resolves when a list has so many. */
function arrivals(): {
  readonly seen: string[];
  readonly until: (count: number) => Promise<void>;
  add: (text: string) => void;
} {
  const seen: string[] = [];
  let check = () => undefined as unknown;
  return {
    seen,
    add(text) {
      seen.push(text);
      check();
    },
    until: (count) =>
      new Promise<void>((resolve) => {
        check = () => seen.length >= count && resolve();
        check();
      }),
  };
}

describe('the client of a cluster', () => {
  test('knows where it talks to', async () => {
    expect([cluster.context, cluster.server, await cluster.version()]).toEqual(['kind-test', server.url, 'v1.34.5']);
  });

  test('knows how a kind is named in URLs, and that a kind or its group is not there', async () => {
    expect(await cluster.resource('argoproj.io/v1alpha1', 'Rollout')).toMatchObject({ name: 'rollouts' });
    expect(await cluster.resource('argoproj.io/v1alpha1', 'Experiment')).toBeUndefined();
    expect(await cluster.resource('monitoring.coreos.com/v1', 'ServiceMonitor')).toBeUndefined();
  });

  test('says what it may do', async () => {
    const may = (verb: string, resource: string, subresource?: string) =>
      cluster.may({ verb, group: '', resource, ...(subresource && { subresource }) });
    expect([await may('create', 'namespaces'), await may('get', 'namespaces')]).toEqual([false, true]);
    expect([await may('get', 'pods', 'log'), await may('get', 'pods')]).toEqual([false, true]);
  });

  test('applies, and takes away what it applied before and names no more', async () => {
    await cluster.apply(config('settings', { a: '1', b: '2' }));
    server.put(config('settings', { a: '1', b: '2', other: '3' }));
    await cluster.apply(config('settings', { a: '4' }));
    expect((await cluster.read(config('settings', {})))?.data).toEqual({ a: '4', other: '3' });
  });

  test('creates once', async () => {
    await cluster.create(config('settings', {}));
    await expect(cluster.create(config('settings', {}))).rejects.toThrow(
      'context \'kind-test\': create namespaces/home/configmaps: configmaps "settings" already exists',
    );
  });

  test('removes, and does not mind what is gone', async () => {
    await cluster.create(config('settings', {}));
    await cluster.remove(config('settings', {}));
    await cluster.remove(config('settings', {}));
    expect(await cluster.read(config('settings', {}))).toBeUndefined();
  });

  test('says what was asked in which context, and passes on the words of a server that refuses', async () => {
    await expect(
      cluster.apply({ ...config('settings', {}), metadata: { name: 'settings', namespace: 'nowhere' } }),
    ).rejects.toThrow(
      'context \'kind-test\': patch namespaces/nowhere/configmaps/settings: namespaces "nowhere" not found',
    );
  });

  test('says what to do where it is not allowed', async () => {
    const forbidden = await FakeApiServer.start({ forbidden: ['list services'] });
    await expect(connectTo(forbidden.url).list('v1', 'Service', 'home')).rejects.toThrow(
      'context \'kind-test\': get namespaces/home/services: services is forbidden: User "me" cannot list resource "services": have a Role that allows it bound to you, or choose another --context',
    );
    await forbidden.close();
  });

  test('says that nobody answers', async () => {
    const { url } = server;
    await server.close();
    server = await FakeApiServer.start();
    await expect(connectTo(url).version()).rejects.toThrow(
      /^context 'kind-test': get version: .*ECONNREFUSED.*: does the cluster at http:\/\/127.0.0.1:\d+ run\? --context chooses another$/,
    );
  });

  test('lists by label', async () => {
    server.put({ kind: 'Pod', metadata: { name: 'a', namespace: 'home', labels: { app: 'x' } } });
    server.put({ kind: 'Pod', metadata: { name: 'b', namespace: 'home', labels: { app: 'y' } } });
    const pods = await cluster.list('v1', 'Pod', 'home', 'app=y');
    expect(pods.map((pod) => textAt(pod, ['metadata', 'name']))).toEqual(['b']);
  });

  test('reads a log', async () => {
    server.readLog = (namespace, pod) => `{"second":1}\nof ${namespace}/${pod}\n`;
    expect(await cluster.readLog('home', 'users', 'users')).toBe('{"second":1}\nof home/users\n');
  });

  test('follows a kind: what is there, what comes, changes and goes, also behind a watch that was cut off', async () => {
    const { seen, add, until } = arrivals();
    const ended = new AbortController();
    const pod = (name: string, phase: string): JsonMap => ({
      kind: 'Pod',
      metadata: { name, namespace: 'home' },
      status: { phase },
    });
    server.put(pod('a', 'Pending'));
    const onObject = (object: JsonMap, isDeleted: boolean) =>
      add(`${textAt(object, ['metadata', 'name'])} ${isDeleted ? 'gone' : textAt(object, ['status', 'phase'])}`);
    await cluster.watch('v1', 'Pod', 'home', { onObject, onLost: () => undefined }, ended.signal);
    server.put(pod('b', 'Running'));
    await until(2);
    server.forgetWatches();
    server.put(pod('a', 'Running'));
    server.drop('Pod', 'home', 'b');
    await until(4);
    expect(seen.slice(0, 2)).toEqual(['a Pending', 'b Running']);
    expect(seen.slice(2).toSorted()).toEqual(['a Running', 'b gone']);
    ended.abort();
  });
});
