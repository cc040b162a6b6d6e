import { readFileSync } from 'node:fs';
import { freePort, type RunningProcess, startProcess, waitFor } from '../../../api/testing/start-process.ts';
import type { ExposedSample } from '../../exposition/parse.ts';
import { parseExposition } from '../../exposition/parse.ts';
import { loadManifests } from '../../manifest/load.ts';
import type { Labels } from '../../promql/labels.ts';
import { targetsOf } from '../../rehearsal/prometheus.ts';
import { readWorkload, type Workload } from '../../rehearsal/workload.ts';
import { createRecorder, type RecordedSeries, readRelabelings } from './recorder.ts';

/** A release at 25 %, as Prometheus sees it: series of real processes of the API, and those that a controller exposed. */
export interface LiveRelease {
  readonly series: readonly RecordedSeries[];
  /** Half an interval after the last scrape, a minute after the first one; seconds since the epoch. */
  readonly now: number;
  readonly stable: string;
  readonly canary: string;
  readonly stop: () => Promise<unknown>;
}

const root = new URL('../../..', import.meta.url).pathname;
const CONTROLLER = new URL('../testdata/argo-rollouts.prom', import.meta.url);
const TEXT = 'text/plain; version=0.0.4';

/** The Rollout of the recorded controller metrics, which are copied for every other workload. */
const MODEL = 'sample-api';
const STABLE = '5d9c8b7f4';
const CANARY = '77f9b6d8c';
const INTERVAL_SECONDS = 5;
const SCRAPES = 13;
/** Requests to each version between two scrapes. */
const REQUESTS = 8;
/** The scrape before which the canary's process starts again. */
const RESTART = 6;

/** The folder's workload, read as the cluster would. */
export async function readFolder(folder: string): Promise<Workload> {
  const { manifests } = await loadManifests([folder], root);
  return readWorkload(folder, manifests);
}

/**
 * Plays a minute of a release of each workload, faster than in real time: the scrapes are real, their times are assigned.
 * The canary fails a quarter of its requests and answers all of them too late; one of its pods restarts, another has no backend.
 */
export async function playRelease(workloads: readonly Workload[]): Promise<LiveRelease> {
  const stable = await startProcess({ VERSION: '0.1.0' });
  const stableStart = Math.round(Date.now() / 1000);
  // Processes report their start time in whole seconds.
  await waitFor(() => Date.now() / 1000 > stableStart + 1, 'the next second');
  const bad = {
    VERSION: '0.2.0',
    FAULT_ERROR_RATIO: '0.25',
    FAULT_LATENCY_SECONDS: '0.6',
    PORT: String(await freePort()),
  };
  let canary = await startProcess(bad);
  const lost = await startProcess({ VERSION: '0.2.0', BACKEND_URL: `redis://127.0.0.1:${await freePort()}` });
  // A readiness probe starts the backend check.
  await fetch(`${lost.url}/readyz`);

  const recorder = createRecorder();
  const start = Math.floor(Date.now() / 1000);
  const [{ manifests }, exposed] = [
    await loadManifests(['k8s/argocd/argo-rollouts.yaml'], root),
    readFileSync(CONTROLLER, 'utf8'),
  ];
  const relabelings = manifests.flatMap(readRelabelings);
  const controller: Labels = new Map([
    ['namespace', 'argo-rollouts'],
    ['pod', 'argo-rollouts-7d4b9c6f8d-x2k7p'],
    ['service', 'argo-rollouts-metrics'],
    ['job', 'argo-rollouts-metrics'],
    ['endpoint', 'metrics'],
    ['container', 'argo-rollouts'],
  ]);
  const { samples, types } = parseExposition(exposed, TEXT);
  const reported = [
    ...samples,
    ...workloads.filter(({ name }) => name !== MODEL).flatMap((workload) => reportedOf(workload, samples)),
  ];
  const askController = (timeSeconds: number, ofRun = /./) => {
    const some = reported.filter(({ labels }) => ofRun.test(labels.get('name') ?? ''));
    recorder.scrape({ samples: some, types }, controller, timeSeconds, relabelings);
  };
  // 20 minutes earlier, the AnalysisRun of the release before this one had ended already.
  askController(start - 1200, new RegExp(`-${STABLE}-1$`));

  for (let scrape = 0; scrape < SCRAPES; scrape += 1) {
    if (scrape === RESTART) {
      await canary.stop('SIGKILL');
      // The restart must fall into another second than the first start.
      await waitFor(() => Date.now() / 1000 > stableStart + 3, 'the second after the next');
      canary = await startProcess(bad);
    }
    const timeSeconds = start + scrape * INTERVAL_SECONDS;
    askController(timeSeconds);
    for (const [process, hash, name] of [
      [stable, STABLE, 'k7x2p'],
      [canary, CANARY, 'b4n9w'],
      [lost, CANARY, 'z6m8r'],
    ] as const) {
      const exposition = await scrapeOf(process);
      for (const workload of workloads) {
        for (const { labels } of targetsOf(workload, { name: `${hash}-${name}`, hash })) {
          recorder.scrape(exposition, labels, timeSeconds);
        }
      }
    }
    await Promise.all([stable, canary].flatMap((process) => Array.from({ length: REQUESTS }, () => ask(process))));
  }
  return {
    series: recorder.series,
    now: start + (SCRAPES - 0.5) * INTERVAL_SECONDS,
    stable: STABLE,
    canary: CANARY,
    stop: () => Promise.all([stable, canary, lost].map((process) => process.stop('SIGKILL'))),
  };
}

/** The controller's samples of `MODEL`, with the names of another workload. */
function reportedOf({ namespace, name }: Workload, samples: readonly ExposedSample[]): readonly ExposedSample[] {
  const own = new RegExp(`^${MODEL}(-(${STABLE}|${CANARY})-\\d+)?$`);
  return samples.flatMap(({ labels, value }) => {
    const match = own.exec(labels.get('name') ?? '');
    return match === null
      ? []
      : [{ labels: new Map([...labels, ['namespace', namespace], ['name', `${name}${match[1] ?? ''}`]]), value }];
  });
}

async function scrapeOf({ url }: RunningProcess) {
  const response = await fetch(`${url}/metrics`);
  return parseExposition(await response.text(), response.headers.get('content-type') ?? '');
}

async function ask({ url }: RunningProcess): Promise<void> {
  await (await fetch(`${url}/api/items`)).arrayBuffer();
}
