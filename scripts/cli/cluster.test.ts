import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { PassThrough } from 'node:stream';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { main } from './cluster.ts';

const { PATH } = process.env;
let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'cluster-'));
  process.env.PATH = folder;
});
afterEach(() => {
  process.env.PATH = PATH ?? '';
  rmSync(folder, { recursive: true });
});

/** A program of that name first on PATH, that notes its arguments and its input. */
function tool(name: string, body = ''): void {
  const file = join(folder, name);
  writeFileSync(
    file,
    `#!/bin/sh\nPATH=${PATH}${delimiter}\necho "${name} $*" >> ${folder}/calls\nif [ "$1" = upgrade ]; then cat >> ${folder}/values; fi\n${body}\n`,
  );
  chmodSync(file, 0o755);
}

function tools(...names: string[]): void {
  for (const name of names) {
    tool(name);
  }
}
const calls = () => readFileSync(join(folder, 'calls'), 'utf8').trim().split('\n');

async function cluster(...args: string[]) {
  const [out, err] = [new PassThrough(), new PassThrough()];
  const exit = await main(args, { out, err, cwd: folder });
  out.end();
  err.end();
  return { exit, out: await text(out), err: await text(err) };
}

describe('npm run cluster', () => {
  test('up makes the cluster, installs the charts at their pinned versions, builds and loads the image', async () => {
    tools('docker', 'kind', 'helm', 'kubectl');
    const { exit, out, err } = await cluster('up', '--name', 'mine');
    expect([exit, out]).toEqual([
      0,
      'next: npm run rehearse -- --world cluster --context kind-mine good errors bad-backend\n',
    ]);
    const versions = ['kube-prometheus-stack', 'argo-rollouts'].map((name) => {
      const file = readFileSync(new URL(`../../k8s/argocd/${name}.yaml`, import.meta.url), 'utf8');
      return /targetRevision: (\S+)/.exec(file)?.[1];
    });
    const made = calls().slice(5);
    expect(made.map((call) => call.split(' ').slice(0, 3).join(' '))).toEqual([
      'kind create cluster',
      'helm upgrade kube-prometheus-stack',
      'helm upgrade argo-rollouts',
      'kubectl --context kind-mine',
      'docker build -t',
      'kind load docker-image',
    ]);
    expect(made[1]).toContain(`--version ${versions[0]} --kube-context kind-mine --namespace monitoring`);
    expect(made[2]).toContain(`--version ${versions[1]} --kube-context kind-mine --namespace argo-rollouts`);
    expect(readFileSync(join(folder, 'values'), 'utf8')).toContain('"serviceMonitorSelectorNilUsesHelmValues":false');
    expect(err).toContain('$ kind load docker-image ghcr.io/example/sample-api:');
  });

  test('up leaves a cluster that is there', async () => {
    tools('docker', 'helm', 'kubectl');
    tool('kind', '[ "$1 $2" = "get clusters" ] && printf "other\\nmine\\n"; true');
    await cluster('up', '--name', 'mine');
    expect(calls().some((call) => call.startsWith('kind create'))).toBe(false);
  });

  test('down removes it', async () => {
    tools('docker', 'kind');
    expect((await cluster('down')).exit).toBe(0);
    expect(calls().at(-1)).toBe('kind delete cluster --name sample-api');
  });

  test('says which tools are missing, and where to have them, before it does anything', async () => {
    tools('kubectl');
    tool('docker', 'echo "Cannot connect to the Docker daemon" >&2; exit 1');
    const { exit, err } = await cluster('up');
    expect(exit).toBe(3);
    expect(err).toBe(
      'error: docker does not work: docker ended with 1: Cannot connect to the Docker daemon; kind is missing: https://kind.sigs.k8s.io; helm is missing: https://helm.sh/docs/intro/install\n',
    );
  });

  test('stops at the first step that fails, with what it wrote last', async () => {
    tools('docker', 'kind', 'kubectl');
    tool('helm', '[ "$1" = upgrade ] && { echo "Error: context deadline exceeded" >&2; exit 1; }; true');
    const { exit, err } = await cluster('up');
    expect(exit).toBe(3);
    expect(err.trim().split('\n').at(-1)).toBe('error: helm ended with 1: Error: context deadline exceeded');
    expect(calls().some((call) => call.startsWith('docker build'))).toBe(false);
  });

  test.each([[[]], [['sideways']], [['up', 'down']], [['up', '--nope']]])('%j is wrong usage', async (args) => {
    const { exit, err } = await cluster(...args);
    expect(exit).toBe(2);
    expect(err).toContain('Usage: npm run cluster');
  });
});
