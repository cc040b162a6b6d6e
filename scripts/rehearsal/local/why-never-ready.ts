import { place } from '../place.ts';
import type { Workload } from '../workload.ts';
import type { LocalPod } from './pod.ts';
import { readProbe } from './probe.ts';
import { get } from './request.ts';

const PROBE_MILLISECONDS = 2_000;

/** Error message for pods that were not ready in time: how many, and one pod's response to the probe and last line of output. */
export async function whyNeverReady(
  { container: { container, manifest, path } }: Workload,
  pods: readonly LocalPod[],
  seconds: number,
): Promise<string> {
  const where = place(manifest, [...path, 'readinessProbe']);
  const ready = pods.filter((pod) => pod.isReady()).length;
  const one = pods.find((pod) => !pod.isReady());
  const wrote = one?.output().trim().split('\n').at(-1) ?? '';
  const probe = readProbe(container, 'readinessProbe');
  const port = probe && one?.portFor(probe.port);
  const reply = port === undefined ? undefined : await get(port, probe?.path ?? '/', PROBE_MILLISECONDS);
  const said = [
    ...(reply?.status === undefined ? [] : [`its probe was answered ${reply.status}: ${reply.body.slice(0, 300)}`]),
    ...(wrote === '' ? [] : [`the last one wrote: ${wrote}`]),
  ];
  return [`${where}: of the old version ${ready} of ${pods.length} pods got ready in ${seconds} s`, ...said].join('; ');
}
