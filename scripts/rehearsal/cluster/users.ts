import { readFileSync } from 'node:fs';
import { type JsonMap, listAt, numberAt, textAt } from '../../manifest/json.ts';
import { createObjects } from '../../workload/objects.ts';
import { servicesOf } from '../../workload/scrape.ts';
import { RehearsalError } from '../errors.ts';
import { addLoss, type Losses, type LossReason } from '../losses.ts';
import type { Scenario } from '../scenario.ts';
import type { Workload } from '../workload.ts';
import { REHEARSAL_LABEL } from './network-policies.ts';
import { restrictedContainer, restrictedPod } from './restricted.ts';

/** Of the Job, its ConfigMap and its container. */
export const USERS = 'rehearsal-users';
const PROGRAM = new URL('users-program.ts', import.meta.url);
/** Seconds after which the Job ends by itself, should nobody be left to end it. */
const LONGEST = 3600;

/**
 * Users inside the cluster: a Job that runs `users-program.ts` in an image that has Node, against the workload's Service. None for
 * a scenario in which nobody asks. Throws RehearsalError where no Service leads to the pods.
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
  const metadata = { name: USERS, namespace: workload.namespace, labels: REHEARSAL_LABEL };
  const url = `http://${serviceOf(workload)}${path}`;
  return [
    { apiVersion: 'v1', kind: 'ConfigMap', metadata, data: { 'users.mts': readFileSync(PROGRAM, 'utf8') } },
    {
      apiVersion: 'batch/v1',
      kind: 'Job',
      metadata,
      spec: {
        backoffLimit: 0,
        activeDeadlineSeconds: LONGEST,
        template: {
          metadata: { labels: { ...REHEARSAL_LABEL, 'app.kubernetes.io/name': USERS } },
          spec: {
            ...restrictedPod(65532),
            restartPolicy: 'Never',
            terminationGracePeriodSeconds: 1,
            containers: [
              {
                name: USERS,
                image,
                command: ['node', '/users/users.mts', url, String(requestsPerSecond)],
                volumeMounts: [{ name: 'program', mountPath: '/users' }],
                ...restrictedContainer(),
              },
            ],
            volumes: [{ name: 'program', configMap: { name: USERS } }],
          },
        },
      },
    },
  ];
}

/** `sample-api:80`, the Service that leads to the Rollout's pods. */
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

/** What the users met in one second. */
export interface UserSecond {
  /** 1-based, since the users began. */
  readonly second: number;
  readonly succeeded: number;
  readonly losses: Losses;
}

/** Lines of the users' log. Other lines say why the program failed, and are left out. */
export function readUserSeconds(log: string): readonly UserSecond[] {
  return log.split('\n').flatMap((line) => {
    // The last one may be half written.
    if (!/^\{"second":\d+,"codes":\{.*\}\}$/.test(line)) {
      return [];
    }
    const { second, codes } = JSON.parse(line) as { second: number; codes: Record<string, number> };
    let succeeded = 0;
    const losses: Partial<Record<LossReason, number>> = {};
    for (const [code, count] of Object.entries(codes)) {
      if (/^[1-4]/.test(code)) {
        succeeded += count;
      } else {
        addLoss(losses, code.startsWith('5') ? 'failed' : (code as LossReason), count);
      }
    }
    return [{ second, succeeded, losses }];
  });
}
