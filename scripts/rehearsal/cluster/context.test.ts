import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, describe, expect, test } from '@jest/globals';
import { loadKubeConfig, productionNames } from './context.ts';

const folder = mkdtempSync(join(tmpdir(), 'kubeconfig-'));
const before = process.env.KUBECONFIG;

afterEach(() => {
  process.env.KUBECONFIG = before ?? '';
});
afterAll(() => rmSync(folder, { recursive: true }));

function kubeconfig(text: string): void {
  const file = join(folder, 'config');
  writeFileSync(file, text);
  process.env.KUBECONFIG = file;
}

const TWO = `
apiVersion: v1
kind: Config
current-context: kind-one
contexts:
  - { name: kind-one, context: { cluster: one, user: me } }
  - { name: kind-two, context: { cluster: two, user: me } }
clusters:
  - { name: one, cluster: { server: 'https://127.0.0.1:1' } }
  - { name: two, cluster: { server: 'https://127.0.0.1:2' } }
users:
  - { name: me, user: {} }
`;

describe('loadKubeConfig', () => {
  test('takes the current context where none is named', () => {
    kubeconfig(TWO);
    expect(loadKubeConfig(undefined).getCurrentCluster()?.server).toBe('https://127.0.0.1:1');
  });

  test('takes the context that is named', () => {
    kubeconfig(TWO);
    expect(loadKubeConfig('kind-two').getCurrentCluster()?.server).toBe('https://127.0.0.1:2');
  });

  test('names the contexts there are for one that is not', () => {
    kubeconfig(TWO);
    expect(() => loadKubeConfig('kind-three')).toThrow(
      "the kubeconfig has no context 'kind-three': choose one of 'kind-one', 'kind-two' with --context",
    );
  });

  test.each([
    [
      'a file that is not there',
      () => {
        process.env.KUBECONFIG = join(folder, 'nowhere');
      },
    ],
    ['a file without contexts', () => kubeconfig('apiVersion: v1\nkind: Config\n')],
  ])('says what to do about %s', (_, prepare) => {
    prepare();
    expect(() => loadKubeConfig(undefined)).toThrow(/; name one with KUBECONFIG|: name one with KUBECONFIG/);
  });
});

describe('productionNames', () => {
  test.each(['prod', 'prod-eu-1', 'eu-prod', 'gke_acme_europe_production', 'arn:aws:eks:eu:1:cluster/live', 'PRD'])(
    '%s looks like production',
    (name) => {
      expect(productionNames([name])).toEqual([name]);
    },
  );

  test.each(['kind-kind', 'minikube', 'products', 'reproduction', 'delivery', 'staging', 'preprod2'])(
    '%s does not',
    (name) => {
      expect(productionNames([name])).toEqual([]);
    },
  );
});
