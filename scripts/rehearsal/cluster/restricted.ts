import type { JsonMap } from '../../manifest/json.ts';

/** What Pod Security's `restricted` asks of a pod; nothing of the API is mounted into it. */
export function restrictedPod(user: number): JsonMap {
  return {
    automountServiceAccountToken: false,
    enableServiceLinks: false,
    securityContext: {
      runAsNonRoot: true,
      runAsUser: user,
      runAsGroup: user,
      fsGroup: user,
      seccompProfile: { type: 'RuntimeDefault' },
    },
  };
}

/** And of a container. Small requests: whatever runs beside a release must not crowd it out. */
export function restrictedContainer(): JsonMap {
  return {
    resources: { requests: { cpu: '50m', memory: '64Mi' }, limits: { memory: '128Mi' } },
    securityContext: {
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      capabilities: { drop: ['ALL'] },
    },
  };
}
