import { expect, test } from '@jest/globals';
import { readSource } from '../manifest/read-source.ts';
import { backendsOf } from './backends.ts';
import { readWorkload } from './workload.ts';

const folder = (env: string) => `
apiVersion: argoproj.io/v1alpha1
kind: Rollout
metadata: {name: shop}
spec:
  selector: {matchLabels: {app: shop}}
  template:
    metadata: {labels: {app: shop}}
    spec: {containers: [{name: shop, image: "shop:1", ${env}}]}
  strategy: {canary: {}}
---
apiVersion: v1
kind: ConfigMap
metadata: {name: shop}
data: {STORE: "redis://shop-redis:6379"}
---
apiVersion: v1
kind: Service
metadata: {name: shop-redis}
spec: {selector: {app: redis}, ports: [{port: 6379}]}
`;

test.each([
  ['a value', 'env: [{name: STORE, value: "redis://shop-redis:6379"}]', ['redis://shop-redis:6379']],
  ['a ConfigMap', 'envFrom: [{configMapRef: {name: shop}}]', ['redis://shop-redis:6379']],
  ['a Service of another folder', 'env: [{name: STORE, value: "redis://elsewhere:6379"}]', []],
])('a backend is the address of a Service of the folder: %s', (_, env, addresses) => {
  const { manifests } = readSource({ file: 'shop.yaml', text: folder(env) });
  expect(backendsOf(readWorkload('shop', manifests)).map(({ url }) => url.href)).toEqual(addresses);
});
