import { place } from '../place.ts';
import type { Workload } from '../workload.ts';
import type { LocalPod } from './pod.ts';
import { get } from './request.ts';
import type { Version } from './versions.ts';

const PROBE_MILLISECONDS = 2_000;

/** Error message for pods that were not ready in time: how many, and one pod's response to the probe and last line of output. */
export async function whyNeverReady(
  { container: { manifest, path } }: Workload,
  { readiness }: Version,
  pods: readonly LocalPod[],
  seconds: number,
): Promise<string> {
  const where = place(manifest, [...path, 'readinessProbe']);
  const ready = pods.filter((pod) => pod.isReady).length;
  const one = pods.find((pod) => !pod.isReady);
  const wrote = one?.output().trim().split('\n').at(-1) ?? '';
  const port = readiness && one?.process?.ports.get(readiness.port);
  const reply = port === undefined ? undefined : await get(port, readiness?.path ?? '/', PROBE_MILLISECONDS);
  const said = [
    ...(reply?.status === undefined ? [] : [`its probe was answered ${reply.status}: ${reply.body.slice(0, 300)}`]),
    ...(wrote === '' ? [] : [`the last one wrote: ${wrote}`]),
  ];
  return [`${where}: of the old version ${ready} of ${pods.length} pods got ready in ${seconds} s`, ...said].join('; ');
}
