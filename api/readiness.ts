import type { Backend } from './backends/backend.ts';
import { BackendError, within } from './backends/backend.ts';
import type { Config } from './config.ts';
import type { Metrics } from './metrics.ts';

/** How long one check answers for all probes: short against any probe period, so a repoint shows at the next probe. */
const CHECK_CACHE_SECONDS = 0.1;

/** One look at the backend. `message` says why it may not be used, without credentials. */
export interface BackendCheck {
  readonly ok: boolean;
  readonly address: string;
  /** What the store says it is, when it says so. */
  readonly id?: string | undefined;
  readonly durationSeconds: number;
  readonly message?: string;
}

export interface Readiness {
  /** Asks the backend, or joins or repeats a check that is running or fresh. Never rejects, never outlasts the backend's timeout. */
  check(): Promise<BackendCheck>;
  /** Whether this pod may get traffic, given a check: in `latched` mode one success is enough for ever. */
  accepts(check: BackendCheck): boolean;
}

interface ReadinessOptions {
  readonly backend: Backend;
  readonly config: Pick<Config, 'backend' | 'readiness'>;
  readonly metrics: Pick<Metrics, 'backendUp' | 'backendCheckDuration'>;
  /** Called when the outcome differs from the last one, and on the first. */
  readonly onChange?: (check: BackendCheck) => void;
}

/** Single-flight checks of a backend, and what they mean for readiness. */
export function createReadiness({ backend, config, metrics, onChange }: ReadinessOptions): Readiness {
  const { expectedId, timeoutSeconds } = config.backend;
  let running: Promise<BackendCheck> | undefined;
  let last: { readonly check: BackendCheck; readonly at: number } | undefined;
  let hasSucceeded = false;

  async function ask(): Promise<BackendCheck> {
    const startedAt = performance.now();
    const outcome = await within(timeoutSeconds, backend.check())
      .then((id) => ({ id, ...judge(id, expectedId) }))
      .catch((error: unknown) => {
        const message = error instanceof BackendError ? error.message : 'the check itself failed';
        return { ok: false, message };
      });
    const durationSeconds = Math.round((performance.now() - startedAt) * 1000) / 1e6;
    return { address: backend.address, durationSeconds, ...outcome };
  }

  function record(check: BackendCheck): BackendCheck {
    const isChange = last?.check.ok !== check.ok || last.check.message !== check.message;
    last = { check, at: performance.now() };
    running = undefined;
    hasSucceeded ||= check.ok;
    metrics.backendUp.set(check.ok ? 1 : 0);
    metrics.backendCheckDuration.observe(check.durationSeconds);
    if (isChange) {
      onChange?.(check);
    }
    return check;
  }

  return {
    async check() {
      if (last && performance.now() - last.at < CHECK_CACHE_SECONDS * 1000) {
        return last.check;
      }
      running ??= ask().then(record);
      return running;
    },
    accepts: (check) => check.ok || (config.readiness === 'latched' && hasSucceeded),
  };
}

/** Reachable is not right: with an expected id, a store that reports another one, or none, is a stranger's. */
function judge(
  id: string | undefined,
  expectedId: string | undefined,
): { readonly ok: boolean; readonly message?: string } {
  if (expectedId === undefined || id === expectedId) {
    return { ok: true };
  }
  const reported = id === undefined ? 'reports no id' : `reports the id '${id.slice(0, 128)}'`;
  return { ok: false, message: `it ${reported}, but BACKEND_ID asks for '${expectedId}'` };
}
