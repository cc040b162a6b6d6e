import { type JsonMap, mapAt, numberAt, textAt } from '../../manifest/json.ts';
import type { Clock } from './clock.ts';
import { portNumber } from './pod-env.ts';
import { get } from './request.ts';

/** An HTTP probe with Kubernetes' defaults filled in; `port` is the container's. */
export type Probe = NonNullable<ReturnType<typeof readProbe>>;

/** Reads a probe of a container; undefined where it has none of that kind over HTTP. */
export function readProbe(container: JsonMap, field: 'readinessProbe' | 'livenessProbe') {
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

/** Seconds that the clock may run ahead of wall-clock time while a probe waits for its response. */
const AHEAD_SECONDS = 0.5;

/**
 * Starts a probe; returns a function that stops it. Calls `onTurn` with the first result and each change of it, after as
 * many equal ones as the threshold asks for. The delay and the period are in the rehearsal's time; the timeout is
 * wall-clock time, because it measures the app.
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
