import { type JsonMap, mapAt, numberAt, textAt } from '../../manifest/json.ts';
import type { Clock } from './clock.ts';
import { portNumber } from './pod-env.ts';
import { get } from './request.ts';

/** A probe as the kubelet runs it, defaults filled in. */
export interface Probe {
  readonly path: string;
  /** Container port. */
  readonly port: number;
  readonly initialDelaySeconds: number;
  readonly periodSeconds: number;
  readonly timeoutSeconds: number;
  readonly successThreshold: number;
  readonly failureThreshold: number;
}

/** Undefined where the container has no such probe over HTTP. */
export function readProbe(container: JsonMap, field: 'readinessProbe' | 'livenessProbe'): Probe | undefined {
  const probe = mapAt(container, [field]);
  const port = portNumber(container, mapAt(probe, ['httpGet']).port);
  if (port === undefined) {
    return undefined;
  }
  const number = (name: string, fallback: number) => numberAt(probe, [name]) ?? fallback;
  return {
    path: textAt(probe, ['httpGet', 'path']) ?? '/',
    port,
    initialDelaySeconds: number('initialDelaySeconds', 0),
    periodSeconds: number('periodSeconds', 10),
    timeoutSeconds: number('timeoutSeconds', 1),
    successThreshold: number('successThreshold', 1),
    failureThreshold: number('failureThreshold', 3),
  };
}

/** Seconds that the clock may be ahead of a probe that is not answered yet. */
const AHEAD_SECONDS = 0.5;

/**
 * Probes from now on; calls back when the result turns, after as many of the same as the thresholds ask for; returns how to stop. The
 * period is the rehearsal's time, the timeout wall-clock time: it measures the app.
 */
export function startProbe(
  probe: Probe,
  port: number,
  clock: Clock,
  onTurn: (isSuccess: boolean) => void,
  isMadeToFail = () => false,
): () => void {
  let isStopped = false;
  let callOff: () => void = () => undefined;
  let [successes, failures, last] = [0, 0, undefined as boolean | undefined];

  async function ask(): Promise<void> {
    const next = clock.now() + probe.periodSeconds;
    const end = clock.begin(AHEAD_SECONDS);
    const { status } = await get(port, probe.path, probe.timeoutSeconds * 1000);
    end();
    if (isStopped) {
      return;
    }
    callOff = clock.at(Math.max(next, clock.now()), () => void ask());
    const isSuccess = !isMadeToFail() && status !== undefined && status >= 200 && status < 400;
    successes = isSuccess ? successes + 1 : 0;
    failures = isSuccess ? 0 : failures + 1;
    const turned = isSuccess ? successes >= probe.successThreshold : failures >= probe.failureThreshold;
    if (turned && last !== isSuccess) {
      last = isSuccess;
      onTurn(isSuccess);
    }
  }

  callOff = clock.at(clock.now() + probe.initialDelaySeconds, () => void ask());
  return () => {
    isStopped = true;
    callOff();
  };
}
