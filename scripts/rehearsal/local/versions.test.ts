import { expect, test } from '@jest/globals';
import { readSource } from '../../manifest/read-source.ts';
import { plainScenario } from '../plain-scenario.ts';
import { readWorkload } from '../workload.ts';
import { createVersions } from './versions.ts';

/** Both versions of a Rollout whose container is `container`, in YAML flow style. */
function versionsOf(container: string) {
  const text = `apiVersion: argoproj.io/v1alpha1
kind: Rollout
metadata: { name: shop }
spec:
  selector: { matchLabels: { app: shop } }
  strategy: { canary: { steps: [{ setWeight: 50 }] } }
  template:
    metadata: { labels: { app: shop } }
    spec: { containers: [${container}] }
`;
  const { manifests } = readSource({ file: 'shop.yaml', text });
  const scenario = { ...plainScenario(1), env: { NEW: '1' }, stableEnv: { OLD: '1' } };
  const options = { argv: ['app'], cwd: '/', portVariable: undefined };
  return createVersions(readWorkload('shop', manifests), scenario, options, { addressOf: () => undefined });
}

test.each([
  ['the readiness probe’s', '[{ containerPort: 3000 }, { containerPort: 3001 }]', '{ httpGet: { port: 3001 } }', 3001],
  ['else the first', '[{ containerPort: 3000 }, { containerPort: 3001 }]', 'null', 3000],
  ['else 8080', '[]', 'null', 8080],
])('users reach the container’s port: %s', (_, ports, probe, userPort) => {
  const { stable, canary } = versionsOf(`{ name: shop, image: shop, ports: ${ports}, readinessProbe: ${probe} }`);
  expect(stable).toMatchObject({ userPort, overrides: { OLD: '1' }, graceSeconds: 30 });
  expect(canary).toMatchObject({ userPort, overrides: { NEW: '1' } });
});
