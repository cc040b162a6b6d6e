import type { Logger } from 'pino';
import { type Backend, BackendError, within } from './backends/backend.ts';
import type { Config } from './config.ts';
import type { Metrics } from './metrics.ts';

/** How long the result of a check is reused: less than any probe period, so that a repoint shows at the next probe. */
const CHECK_CACHE_SECONDS = 0.1;

/** The result of one check of the backend. `message` is the reason why it must not be used, without credentials. */
export interface BackendCheck {
  readonly ok: boolean;
  readonly address: string;
  /** The id that the store reports, if it reports one. */
  readonly id?: string | undefined;
  readonly durationSeconds: number;
  readonly message?: string;
}

export type Readiness = ReturnType<typeof createReadiness>;

interface ReadinessOptions {
  readonly backend: Backend;
  readonly config: Pick<Config, 'backend' | 'readiness'>;
  readonly metrics: Pick<Metrics, 'backendUp' | 'backendCheckDuration'>;
  readonly log: Logger;
}

/** Checks a backend, one check at a time however many ask, and decides whether the pod is ready. */
export function createReadiness({ backend, config, metrics, log }: ReadinessOptions) {
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
    if (last?.check.ok !== check.ok || last.check.message !== check.message) {
      log[check.ok ? 'info' : 'warn'](check, check.ok ? 'backend usable' : 'backend not usable');
    }
    last = { check, at: performance.now() };
    running = undefined;
    hasSucceeded ||= check.ok;
    metrics.backendUp.set(check.ok ? 1 : 0);
    metrics.backendCheckDuration.observe(check.durationSeconds);
    return check;
  }

  return {
    /** Checks the backend, or shares a check that is running or fresh. Never rejects; takes no longer than the backend's timeout. */
    async check(): Promise<BackendCheck> {
      if (last && performance.now() - last.at < CHECK_CACHE_SECONDS * 1000) {
        return last.check;
      }
      running ??= ask().then(record);
      return running;
    },
    /** Whether this pod may get traffic, given a check. In `latched` mode one success is enough, whatever later checks find. */
    accepts: (check: BackendCheck): boolean => check.ok || (config.readiness === 'latched' && hasSucceeded),
  };
}

/** A store that can be reached may be the wrong one: with an expected id, it must report that id. */
function judge(id: string | undefined, expectedId: string | undefined): Pick<BackendCheck, 'ok' | 'message'> {
  if (expectedId === undefined || id === expectedId) {
    return { ok: true };
  }
  const reported = id === undefined ? 'reports no id' : `reports the id '${id.slice(0, 128)}'`;
  return { ok: false, message: `it ${reported}, but BACKEND_ID asks for '${expectedId}'` };
}
