import type { JsonMap } from '../../manifest/json.ts';
import { createManifest, type Manifest } from '../../manifest/manifest.ts';

/** A gate with one late read and no smoothing: its probability of abort is the tail of a binomial distribution. */
export function oneReadGate(): readonly Manifest[] {
  const labels = { app: 'one-read' };
  const rate = (more: string) =>
    `sum(rate(http_requests_total{rollouts_pod_template_hash="{{args.canary-hash}}"${more}}[1m]))`;
  const objects: readonly JsonMap[] = [
    {
      apiVersion: 'argoproj.io/v1alpha1',
      kind: 'Rollout',
      spec: {
        replicas: 4,
        selector: { matchLabels: labels },
        template: {
          metadata: { labels },
          spec: { containers: [{ name: 'app', image: 'app', ports: [{ name: 'http', containerPort: 8080 }] }] },
        },
        strategy: {
          canary: {
            maxSurge: 1,
            maxUnavailable: 0,
            steps: [{ setWeight: 25 }, { pause: { duration: 300 } }],
            analysis: {
              startingStep: 1,
              templates: [{ templateName: 'one-read' }],
              args: [{ name: 'canary-hash', valueFrom: { podTemplateHashValue: 'Latest' } }],
            },
          },
        },
      },
    },
    {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { labels },
      spec: { selector: labels, ports: [{ name: 'http', port: 80, targetPort: 'http' }] },
    },
    {
      apiVersion: 'monitoring.coreos.com/v1',
      kind: 'ServiceMonitor',
      spec: {
        selector: { matchLabels: labels },
        podTargetLabels: ['rollouts-pod-template-hash'],
        endpoints: [{ port: 'http', interval: '5s' }],
      },
    },
    {
      apiVersion: 'argoproj.io/v1alpha1',
      kind: 'AnalysisTemplate',
      spec: {
        args: [{ name: 'canary-hash' }],
        metrics: [
          {
            name: 'success-rate',
            initialDelay: '150s',
            successCondition: 'result[0] >= 0.95',
            provider: { prometheus: { address: 'http://prometheus', query: `${rate(', code!~"5.."')} / ${rate('')}` } },
          },
        ],
      },
    },
  ];
  return objects.map((object) => {
    const named = { ...object, metadata: { name: 'one-read', ...(object.metadata as JsonMap | undefined) } };
    return createManifest({ file: 'one-read.json', text: JSON.stringify(named) }, 0, [], named);
  });
}
