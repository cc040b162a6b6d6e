import type { Clock } from './clock.ts';
import type { PodProcess, Version } from './pod-processes.ts';
import { startProbe } from './probe.ts';
import type { Endpoint } from './users.ts';
import type { PodSettings } from './versions.ts';

/** A pod: one process at a time, probed and restarted as the kubelet does. */
export interface LocalPod extends Endpoint {
  readonly name: string;
  /** Seconds since the epoch. */
  readonly createdAt: number;
  readonly isReady: () => boolean;
  readonly readySince: () => number;
  readonly restarts: () => number;
  /** The process that runs now, undefined while none does. */
  readonly process: () => PodProcess | undefined;
  /** This machine's port for a container's, of the process that runs now. */
  readonly portFor: (containerPort: number) => number | undefined;
  /** The last that its process wrote. */
  readonly output: () => string;
  /** Out of the Service at once, then the preStop hook's sleep and SIGTERM; SIGKILL when the grace period ends. */
  readonly remove: () => void;
  /** Ends the pod and not its process. */
  readonly abandon: () => void;
}

export interface PodSurroundings {
  readonly clock: Clock;
  /** A process that listens, or undefined once the rehearsal is over. */
  readonly startProcess: (version: Version) => Promise<PodProcess | undefined>;
  /** Whether the readiness probes of a version's pods fail now, whatever the pods say. */
  readonly isKeptUnready: (hash: string) => boolean;
  /** Readiness or restarts changed. */
  readonly onChange: () => void;
}

/** Seconds: the kubelet waits 10 s before the first restart, twice as long each time, at most 5 min. */
const FIRST_BACK_OFF = 10;
const MOST_BACK_OFF = 300;

export function createPod(
  name: string,
  hash: string,
  { version, readiness, liveness, graceSeconds, preStopSeconds, crashesAfterRequests }: PodSettings,
  { clock, startProcess, isKeptUnready, onChange }: PodSurroundings,
): LocalPod {
  const createdAt = clock.now();
  let current: PodProcess | undefined;
  let lastOutput = () => '';
  let isGone = false;
  let [ready, since, restarts, backOff, requests] = [false, 0, 0, FIRST_BACK_OFF, 0];
  /** Ends the probes, or the wait for a restart. */
  let callOff: () => void = () => undefined;

  function setReady(isReady: boolean): void {
    if (ready !== isReady) {
      ready = isReady;
      since = clock.now();
      onChange();
    }
  }

  /** The clock stops until the process listens; then the time that its start took passes. */
  async function start(): Promise<void> {
    const goOn = clock.hold();
    const started = await startProcess(version);
    if (isGone || started === undefined) {
      end(started);
    } else {
      current = started;
      lastOutput = started.output;
      callOff = clock.at(clock.now() + started.startSeconds, () => live(started));
    }
    goOn();
  }

  /** Probes begin, also for a process that has ended already: they fail. */
  function live(started: PodProcess): void {
    requests = 0;
    void started.exited.then(() => {
      if (started === current && !isGone) {
        restart();
      }
    });
    const port = (containerPort: number) => started.ports.get(containerPort) ?? containerPort;
    const stops = [
      readiness && startProbe(readiness, port(readiness.port), clock, setReady, () => isKeptUnready(hash)),
      liveness && startProbe(liveness, port(liveness.port), clock, (isSuccess) => isSuccess || kill()),
    ];
    callOff = () => {
      for (const stop of stops) {
        stop?.();
      }
    };
    if (readiness === undefined) {
      setReady(true);
    }
  }

  function restart(): void {
    callOff();
    current = undefined;
    setReady(false);
    restarts += 1;
    onChange();
    callOff = clock.at(clock.now() + backOff, () => void start());
    backOff = Math.min(backOff * 2, MOST_BACK_OFF);
  }

  /** Sends SIGKILL, as the kernel or the kubelet does. The clock stops until the process has ended. */
  function kill(): void {
    if (current !== undefined && !current.hasExited()) {
      const seen = clock.hold();
      void current.exited.then(seen);
      current.child.kill('SIGKILL');
    }
  }

  /** The drain is the app's: it takes wall-clock time, and so do the hook before it and the grace period. */
  function end(one: PodProcess | undefined): void {
    if (preStopSeconds > 0) {
      setTimeout(() => one?.child.kill('SIGTERM'), preStopSeconds * 1000).unref();
    } else {
      one?.child.kill('SIGTERM');
    }
    setTimeout(() => one?.child.kill('SIGKILL'), graceSeconds * 1000).unref();
  }

  function abandon(): void {
    isGone = true;
    ready = false;
    callOff();
  }

  void start();
  return {
    name,
    hash,
    createdAt,
    isReady: () => ready,
    isEnding: () => isGone,
    readySince: () => since,
    restarts: () => restarts,
    process: () => current,
    get userPort() {
      return current?.ports.get(version.userPort) ?? version.userPort;
    },
    portFor: (port) => (current?.hasExited() === false ? current.ports.get(port) : undefined),
    onRequest() {
      requests += 1;
      if (requests === crashesAfterRequests) {
        kill();
      }
    },
    output: () => lastOutput(),
    remove() {
      abandon();
      end(current);
    },
    abandon,
  };
}
