import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { type JsonMap, listAt, numberAt, textAt } from '../../manifest/json.ts';
import { createObjects } from '../../workload/objects.ts';
import { servicesOf } from '../../workload/scrape.ts';
import { RehearsalError } from '../errors.ts';
import type { Scenario } from '../scenario.ts';
import type { Workload } from '../workload.ts';
import { fillTemplate } from './template.ts';

/** Name of the users' Job in users.yaml, of its container, and of its pods in `app.kubernetes.io/name`. */
export const USERS = 'rehearsal-users';
/** The program, and what it imports. */
const PROGRAM = new URL('../users/program.ts', import.meta.url).pathname;
const VISIT = new URL('../users/visit.ts', import.meta.url).pathname;

/**
 * Users inside the cluster: a Job that runs `users/program.ts` in an image that has Node. None for a scenario without requests.
 * Throws RehearsalError where no Service selects the pods.
 */
export function userObjects(
  workload: Workload,
  { requestsPerSecond }: Scenario,
  path: string,
  image = textAt(workload.container.container, ['image']) ?? '',
): readonly JsonMap[] {
  if (requestsPerSecond === 0) {
    return [];
  }
  return fillTemplate('users.yaml', workload.namespace, {
    FILES: {
      'package.json': '{"type":"module"}',
      ...Object.fromEntries([PROGRAM, VISIT].map((file) => [basename(file), readFileSync(file, 'utf8')])),
    },
    PROGRAM: `/users/${basename(PROGRAM)}`,
    IMAGE: image,
    URL: `http://${serviceOf(workload)}${path}`,
    RATE: String(requestsPerSecond),
  });
}

/** `sample-api:80`, the Service that selects the Rollout's pods. */
function serviceOf({ manifests, rollout, name }: Workload): string {
  const [service] = servicesOf(createObjects(manifests), rollout);
  if (service === undefined) {
    throw new RehearsalError(
      `no Service among the manifests selects the pods of Rollout '${name}': users have no address`,
    );
  }
  const ports = listAt(service.object, ['spec', 'ports']);
  const named = ports.find((port) => /^(http|web|api)$/.test(textAt(port, ['name']) ?? '')) ?? ports[0];
  return `${service.name}:${numberAt(named, ['port']) ?? 80}`;
}
