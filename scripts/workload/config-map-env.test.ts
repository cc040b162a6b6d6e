import { expect, test } from '@jest/globals';
import { readSource } from '../manifest/read-source.ts';
import { withConfigMaps } from './config-map-env.ts';
import { createObjects } from './objects.ts';
import { containersOf, envValue, readRollout } from './rollout.ts';

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
  const objects = createObjects(manifests);
  const [rollout] = manifests;
  const [written] = rollout === undefined ? [] : containersOf(readRollout(rollout, () => undefined));
  const { container = {} } = written === undefined ? {} : withConfigMaps(objects, written);
  const names = ['COLOUR', 'SIZE', 'TOWN', 'X_COLOUR', 'X_SIZE', 'PASSWORD'];
  expect(Object.fromEntries(names.map((name) => [name, envValue(container, name)]))).toEqual({
    COLOUR: 'red',
    SIZE: 'large',
    TOWN: 'large',
    X_COLOUR: 'blue',
    X_SIZE: 'large',
    PASSWORD: undefined,
  });
});
