import { expect, test } from '@jest/globals';
import { readSource } from '../../manifest/read-source.ts';
import { readWorkload } from '../workload.ts';
import { withConfigMaps } from './config-map-env.ts';
import { podEnv } from './pod-env.ts';

const SHOP = `
apiVersion: argoproj.io/v1alpha1
kind: Rollout
metadata: {name: shop}
spec:
  selector: {matchLabels: {app: shop}}
  template:
    metadata: {labels: {app: shop}}
    spec:
      containers:
        - name: shop
          image: shop:1
          envFrom: [{configMapRef: {name: shop}}, {prefix: X_, configMapRef: {name: shop}}, {configMapRef: {name: elsewhere}}]
          env:
            - {name: COLOUR, value: red}
            - {name: TOWN, valueFrom: {configMapKeyRef: {name: shop, key: SIZE}}}
            - {name: PASSWORD, valueFrom: {secretKeyRef: {name: shop, key: SIZE}}}
  strategy: {canary: {}}
---
apiVersion: v1
kind: ConfigMap
metadata: {name: shop}
data: {COLOUR: blue, SIZE: large}
`;

test('variables come from the folder’s ConfigMaps, whole and by key, and `env` goes before `envFrom`', () => {
  const { manifests } = readSource({ file: 'shop.yaml', text: SHOP });
  const container = withConfigMaps(readWorkload('shop', manifests));
  const place = { ports: new Map(), addressOf: () => undefined, fields: {}, overrides: {}, portVariable: undefined };
  expect(podEnv(container, { ...place, userPort: 1 }).env).toEqual({
    COLOUR: 'red',
    SIZE: 'large',
    TOWN: 'large',
    X_COLOUR: 'blue',
    X_SIZE: 'large',
  });
});
