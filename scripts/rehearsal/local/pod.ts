import { restartDelay } from '../../model/restart-delay.ts';
import type { Clock } from './clock.ts';
import type { PodProcess, Version } from './pod-processes.ts';
import { startProbe } from './probe.ts';
import type { Endpoint } from './users.ts';
import type { PodSettings } from './versions.ts';

/** A pod with one process at a time, which is probed and restarted as the kubelet does. */
export interface LocalPod extends Endpoint {
  readonly name: string;
  /** Seconds since the epoch. */
  readonly createdAt: number;
  readonly isReady: () => boolean;
  /** When readiness last changed, seconds since the epoch. */
  readonly readySince: () => number;
  readonly restarts: () => number;
  /** The current process; undefined while one starts and until a restart. */
  readonly process: () => PodProcess | undefined;
  /** The port of this machine for a container port of the current process; undefined while no process runs. */
  readonly portFor: (containerPort: number) => number | undefined;
  /** The end of what its process wrote to stdout and stderr. */
  readonly output: () => string;
  /** Ends the pod: not ready at once, SIGTERM after the preStop hook's sleep, SIGKILL when the grace period ends. */
  readonly remove: () => void;
  /** Ends the pod but not its process. */
  readonly abandon: () => void;
}

/** What a pod uses from its world. */
export interface PodSurroundings {
  readonly clock: Clock;
  /** Resolves with a process, as `PodProcesses.start`; undefined once the rehearsal is over. */
  readonly startProcess: (version: Version) => Promise<PodProcess | undefined>;
  /** Whether an outage makes the readiness probes of a version's pods fail now, whatever the pods answer. */
  readonly isKeptUnready: (hash: string) => boolean;
  /** Called when readiness or the number of restarts has changed. */
  readonly onChange: () => void;
}

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
  let [ready, since, restarts, requests, startedAt] = [false, 0, 0, 0, createdAt];
  let delay: number | undefined;
  /** Cancels what the pod waits for: the end of a start, its probes, or a restart. */
  let callOff: () => void = () => undefined;

  function setReady(isReady: boolean): void {
    if (ready !== isReady) {
      ready = isReady;
      since = clock.now();
      onChange();
    }
  }

  /** Stops the clock until the process listens, then lets the seconds that the start took pass before the pod is live. */
  async function start(): Promise<void> {
    startedAt = clock.now();
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

  /** Starts the probes. For a process that has exited already they fail. */
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
    delay = restartDelay(delay, clock.now() - startedAt);
    callOff = clock.at(clock.now() + delay, () => void start());
  }

  /** Sends SIGKILL, as the kernel or the kubelet does, and stops the clock until the process has exited. */
  function kill(): void {
    if (current !== undefined && !current.hasExited()) {
      const seen = clock.hold();
      void current.exited.then(seen);
      current.child.kill('SIGKILL');
    }
  }

  /** Sends SIGTERM and SIGKILL in wall-clock time, because an app that drains counts wall-clock time. */
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
