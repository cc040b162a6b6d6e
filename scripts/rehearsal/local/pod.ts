import type { ReplicaSetPod } from '../../model/replica-set-pods.ts';
import { restartDelay } from '../../model/restart-delay.ts';
import type { Clock } from './clock.ts';
import type { PodProcess } from './pod-processes.ts';
import { startProbe } from './probe.ts';
import type { Endpoint } from './users.ts';
import type { Version } from './versions.ts';

/** A pod with one process at a time, which is probed and restarted as the kubelet does. */
export interface LocalPod extends ReplicaSetPod, Endpoint {
  restarts: number;
  isEnding: boolean;
  /** The current process; undefined while one starts and until a restart. */
  process: PodProcess | undefined;
  /** The end of what its process wrote to stdout and stderr. */
  output: () => string;
  /** Ends the pod: not ready at once, SIGTERM after the preStop hook's sleep, SIGKILL when the grace period ends. */
  readonly remove: () => void;
  /** Ends the pod but not its process. */
  readonly abandon: () => void;
}

/** What a pod uses from its world. */
export interface PodSurroundings {
  readonly clock: Clock;
  /** Resolves with a process, as `createPodProcesses` starts it; undefined once the rehearsal is over. */
  readonly startProcess: (version: Version) => Promise<PodProcess | undefined>;
  /** Whether an outage makes the readiness probes of a version's pods fail now, whatever the pods answer. */
  readonly isKeptUnready: (hash: string) => boolean;
  /** Called when readiness or the number of restarts has changed. */
  readonly onChange: () => void;
}

export function createPod(
  name: string,
  hash: string,
  version: Version,
  { clock, startProcess, isKeptUnready, onChange }: PodSurroundings,
): LocalPod {
  let requests = 0;
  let startedAt = clock.now();
  /** Seconds between the last crash and the restart after it. */
  let delay: number | undefined;
  /** Cancels what the pod waits for: the end of a start, its probes, or a restart. */
  let callOff: () => void = () => undefined;

  const pod: LocalPod = {
    name,
    hash,
    createdAt: clock.now(),
    isReady: false,
    readySince: 0,
    restarts: 0,
    isEnding: false,
    process: undefined,
    output: () => '',
    get userPort() {
      return pod.process?.ports.get(version.userPort) ?? version.userPort;
    },
    onRequest() {
      requests += 1;
      if (requests === version.crashesAfterRequests) {
        kill();
      }
    },
    remove() {
      pod.abandon();
      end(pod.process);
    },
    abandon() {
      pod.isEnding = true;
      pod.isReady = false;
      callOff();
    },
  };

  function setReady(isReady: boolean): void {
    if (pod.isReady !== isReady) {
      pod.isReady = isReady;
      pod.readySince = clock.now();
      onChange();
    }
  }

  /** Stops the clock until the process listens, then lets the seconds that the start took pass before the pod is live. */
  async function start(): Promise<void> {
    startedAt = clock.now();
    const goOn = clock.hold();
    const started = await startProcess(version);
    if (pod.isEnding || started === undefined) {
      end(started);
    } else {
      pod.process = started;
      pod.output = started.output;
      callOff = clock.at(clock.now() + started.startSeconds, () => live(started));
    }
    goOn();
  }

  /** Starts the probes. For a process that has exited already they fail. */
  function live(started: PodProcess): void {
    requests = 0;
    void started.exited.then(() => {
      if (started === pod.process && !pod.isEnding) {
        restart();
      }
    });
    const { readiness, liveness } = version;
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
    pod.process = undefined;
    setReady(false);
    pod.restarts += 1;
    onChange();
    delay = restartDelay(delay, clock.now() - startedAt);
    callOff = clock.at(clock.now() + delay, () => void start());
  }

  /** Sends SIGKILL, as the kernel or the kubelet does, and stops the clock until the process has exited. */
  function kill(): void {
    if (pod.process?.hasExited() === false) {
      const seen = clock.hold();
      void pod.process.exited.then(seen);
      pod.process.child.kill('SIGKILL');
    }
  }

  /** Sends SIGTERM and SIGKILL in wall-clock time, because an app that drains counts wall-clock time. */
  function end(one: PodProcess | undefined): void {
    setTimeout(() => one?.child.kill('SIGTERM'), version.preStopSeconds * 1000).unref();
    setTimeout(() => one?.child.kill('SIGKILL'), version.graceSeconds * 1000).unref();
  }

  void start();
  return pod;
}
