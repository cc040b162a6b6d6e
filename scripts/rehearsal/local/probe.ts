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

/**
 * Probes until the signal is aborted; calls back when the result turns, after as many of the same as the thresholds ask for. The
 * period goes with the rehearsal's clock, the timeout with the wall's: it measures the app.
 */
export async function runProbe(
  probe: Probe,
  port: number,
  clock: Clock,
  signal: AbortSignal,
  onTurn: (isSuccess: boolean) => void,
): Promise<void> {
  let next = clock.now() + probe.initialDelaySeconds;
  let [successes, failures, last] = [0, 0, undefined as boolean | undefined];
  while (!signal.aborted) {
    await clock.until(next, signal);
    if (signal.aborted) {
      return;
    }
    next = Math.max(next + probe.periodSeconds, clock.now());
    const { status } = await get(port, probe.path, probe.timeoutSeconds * 1000);
    const isSuccess = status !== undefined && status >= 200 && status < 400;
    successes = isSuccess ? successes + 1 : 0;
    failures = isSuccess ? 0 : failures + 1;
    const turned = isSuccess ? successes >= probe.successThreshold : failures >= probe.failureThreshold;
    if (turned && last !== isSuccess && !signal.aborted) {
      last = isSuccess;
      onTurn(isSuccess);
    }
  }
}
