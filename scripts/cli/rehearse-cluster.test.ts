import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { type ApiServerSettings, FakeApiServer } from '../rehearsal/cluster/testing/api-server.ts';
import { main } from './rehearse.ts';

const root = new URL('../..', import.meta.url).pathname;
const { KUBECONFIG } = process.env;
let folder: string;
let server: FakeApiServer | undefined;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'rehearse-cluster-'));
});
afterEach(async () => {
  process.env.KUBECONFIG = KUBECONFIG ?? '';
  await server?.close();
  server = undefined;
  rmSync(folder, { recursive: true });
});

async function serve(settings: ApiServerSettings = {}, context = 'kind-test', token = ''): Promise<FakeApiServer> {
  server = await FakeApiServer.start(settings);
  const config = `
apiVersion: v1
kind: Config
current-context: ${context}
contexts: [{ name: ${context}, context: { cluster: ${context}, user: me } }]
clusters: [{ name: ${context}, cluster: { server: '${server.url}', insecure-skip-tls-verify: true } }]
users: [{ name: me, user: { token: '${token}' } }]
`;
  process.env.KUBECONFIG = join(folder, 'config');
  writeFileSync(process.env.KUBECONFIG, config);
  return server;
}

async function rehearse(...args: string[]) {
  const [out, err] = [new PassThrough(), new PassThrough()];
  const report = join(folder, 'report.html');
  const exit = await main(['--world', 'cluster', '--report', report, ...args], { out, err, cwd: root });
  out.end();
  err.end();
  return { exit, out: await text(out), err: await text(err) };
}

describe('rehearse --world cluster, before anything is touched', () => {
  test('prints the context and the server first, then everything that is missing, a line each', async () => {
    const { url, writes } = await serve({ without: ['ServiceMonitor'], forbidden: ['create namespaces'] });
    const { exit, out, err } = await rehearse('--namespace', 'mine', 'good');
    expect([exit, out, writes]).toEqual([3, '', []]);
    const [first, ...lines] = err.trim().split('\n');
    expect(first).toBe(`cluster: context 'kind-test', server ${url}, v1.34.5; namespace 'mine'`);
    expect(lines.map((line) => line.replace(/^error: (\S+:\d+:\d+: )?/, '').slice(0, 48))).toEqual([
      'the cluster has no kind ServiceMonitor (monitori',
      "context 'kind-test' may not create namespaces: h",
      'no Prometheus at http://prometheus-operated.moni',
      'the volume names no storageClassName and the clu',
    ]);
  });

  test.each([
    ['a context', 'eu-production', undefined],
    ['a namespace', 'kind-test', 'prod-orders'],
  ])('stops at %s that looks like production, unless told otherwise', async (_, context, namespace) => {
    const { url } = await serve({}, context);
    if (namespace !== undefined) {
      server?.put({ kind: 'Namespace', metadata: { name: namespace } });
    }
    const { exit, err } = await rehearse('good');
    expect(exit).toBe(3);
    expect(err).toContain(
      `error: '${namespace ?? context}' looks like production: --yes plays on ${url} all the same, --context names another cluster\n`,
    );
    const confirmed = await rehearse('--yes', 'good');
    expect(confirmed.err).not.toContain('looks like production');
    expect(server?.writes).toEqual([]);
  });

  test('says that there is no kubeconfig', async () => {
    process.env.KUBECONFIG = join(folder, 'nowhere');
    const { exit, err } = await rehearse('good');
    expect(exit).toBe(3);
    expect(err).toMatch(/^error: .*: name one with KUBECONFIG\n$|^error: reading the kubeconfig: .*\n$/);
  });

  test('says that nobody answers', async () => {
    await serve();
    await server?.close();
    server = undefined;
    const { exit, err } = await rehearse('good');
    expect(exit).toBe(3);
    expect(err).toMatch(
      /^error: context 'kind-test': get version: .*ECONNREFUSED.*: does the cluster at \S+ run\? .*\n$/,
    );
  });

  test('refuses by name what a cluster cannot play; --all leaves it out', async () => {
    await serve({ without: ['Rollout'] });
    const one = await rehearse('crash-under-load');
    expect(one.exit).toBe(3);
    expect(one.err).toContain('error: --world cluster does not play crashesAfterRequests: use --world local');
    const all = await rehearse('--all');
    expect(all.err).toContain('crash-under-load: not played: --world cluster does not play crashesAfterRequests');
    expect(all.err).toContain('error: the cluster has no kind Rollout');
  });

  test.each([
    [['--namespace', 'Mine'], "--namespace must be a name of lower-case letters, digits and '-', got 'Mine'"],
    [['--speed', '3'], '--speed is for --world local: the cluster world starts no process'],
    [['--world', 'local', '--keep'], '--keep is for --world cluster'],
    [['--world', 'model', '--context', 'a'], '--context is for --world cluster'],
  ])('%j is wrong usage', async (args, message) => {
    const { exit, err } = await rehearse(...args);
    expect(exit).toBe(2);
    expect(err).toContain(message);
  });
});
