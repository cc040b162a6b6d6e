import type { Clock } from './clock.ts';
import type { Endpoint } from './load.ts';
import { type Probe, runProbe } from './probe.ts';
import type { RunningProcess } from './processes.ts';

/** A process that is there before its pod is: so that starting it costs no time on a clock that runs faster. */
export interface Spare {
  readonly process: RunningProcess;
  /** Container ports and this machine's. */
  readonly ports: ReadonlyMap<number, number>;
  /** Seconds of the wall until it listened; undefined while it does not. */
  readonly startedAfter: () => number | undefined;
}

export interface PodSettings {
  readonly clock: Clock;
  /** Aborted when the rehearsal is over. */
  readonly over: AbortSignal;
  readonly readiness: Probe | undefined;
  readonly liveness: Probe | undefined;
  /** Container port of the users. */
  readonly userPort: number;
  readonly graceSeconds: number;
  readonly crashesAfterRequests: number | undefined;
  /** Makes a process for the same pod again, after a crash; none once the rehearsal is over. */
  readonly respawn: () => Promise<Spare | undefined>;
  /** Readiness or restarts changed. */
  readonly onChange: () => void;
}

/** A pod: one process at a time, probed and restarted as the kubelet does. */
export interface LocalPod extends Endpoint {
  readonly name: string;
  /** Seconds since the epoch. */
  readonly createdAt: number;
  readonly isReady: () => boolean;
  readonly readySince: () => number;
  readonly restarts: () => number;
  /** This machine's port for a container's, of the process that runs now. */
  readonly portFor: (containerPort: number) => number | undefined;
  /** The last that its process wrote. */
  readonly output: () => string;
  /** Out of the Service at once, then SIGTERM, then the grace period. */
  readonly remove: () => void;
}

/** Seconds: the kubelet waits 10 s before the first restart, twice as long each time, at most 5 min. */
const FIRST_BACK_OFF = 10;
const MOST_BACK_OFF = 300;

export function createPod(name: string, hash: string, first: Spare, settings: PodSettings): LocalPod {
  const { clock, over, readiness, liveness, userPort, graceSeconds, crashesAfterRequests, respawn, onChange } =
    settings;
  const createdAt = clock.now();
  const gone = new AbortController();
  let current = first;
  let life = new AbortController();
  over.addEventListener('abort', () => {
    gone.abort();
    life.abort();
  });
  let [ready, since, restarts, backOff, requests] = [false, 0, 0, FIRST_BACK_OFF, 0];

  function setReady(isReady: boolean): void {
    if (ready !== isReady) {
      ready = isReady;
      since = clock.now();
      onChange();
    }
  }

  /** Probes begin as soon as the container runs; what is not listening yet fails them. */
  function live(): void {
    life = new AbortController();
    requests = 0;
    const { signal } = life;
    const mapped = (port: number) => current.ports.get(port) ?? port;
    if (readiness === undefined) {
      setReady(true);
    } else {
      void runProbe(readiness, mapped(readiness.port), clock, signal, setReady);
    }
    if (liveness !== undefined) {
      void runProbe(liveness, mapped(liveness.port), clock, signal, (isSuccess) => {
        if (!isSuccess) {
          current.process.child.kill('SIGKILL');
        }
      });
    }
    const watched = current.process;
    void watched.exited.then(() => {
      if (watched === current.process && !gone.signal.aborted) {
        void restart();
      }
    });
  }

  async function restart(): Promise<void> {
    life.abort();
    setReady(false);
    restarts += 1;
    onChange();
    await clock.until(clock.now() + backOff, gone.signal);
    backOff = Math.min(backOff * 2, MOST_BACK_OFF);
    if (!gone.signal.aborted) {
      const next = await respawn();
      if (next === undefined) {
        return;
      }
      current = next;
      if (gone.signal.aborted) {
        current.process.child.kill('SIGKILL');
      } else {
        await begin();
      }
    }
  }

  /** A start takes as long here as the process took on the wall. */
  async function begin(): Promise<void> {
    await clock.until(clock.now() + (current.startedAfter() ?? 0), gone.signal);
    if (!gone.signal.aborted) {
      live();
    }
  }

  void begin();
  return {
    name,
    hash,
    createdAt,
    isReady: () => ready,
    readySince: () => since,
    restarts: () => restarts,
    get userPort() {
      return current.ports.get(userPort) ?? userPort;
    },
    portFor: (port) => (current.process.hasExited() ? undefined : current.ports.get(port)),
    onRequest() {
      requests += 1;
      if (requests === crashesAfterRequests) {
        current.process.child.kill('SIGKILL');
      }
    },
    output: () => current.process.output(),
    remove() {
      gone.abort();
      life.abort();
      ready = false;
      const { child } = current.process;
      child.kill('SIGTERM');
      setTimeout(() => child.kill('SIGKILL'), clock.milliseconds(graceSeconds)).unref();
    },
  };
}
