import manifest from '../package.json' with { type: 'json' };
import { type BackendUrl, type Environment, parseBackendUrl } from './backends/url.ts';
import type { FaultSettings } from './middleware/faults.ts';

export const LOG_LEVELS = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const;
export const READINESS_MODES = ['strict', 'latched'] as const;

/** Where the items are stored. */
export interface BackendConfig extends BackendUrl {
  /** The id that the store must report; undefined accepts every store. */
  readonly expectedId?: string | undefined;
  /** Upper bound of one check and of one operation, in seconds. */
  readonly timeoutSeconds: number;
}

export interface Config {
  readonly port: number;
  /** Equal to `port` when both share one server. */
  readonly metricsPort: number;
  readonly backend: BackendConfig;
  readonly readiness: (typeof READINESS_MODES)[number];
  readonly requestDeadlineSeconds: number;
  readonly drainSeconds: number;
  readonly version: string;
  readonly revision: string;
  readonly logLevel: (typeof LOG_LEVELS)[number];
  /** Whether `/faults` is served. Faults set by environment act without it too: this is how a bad release is simulated. */
  readonly faultsRoute: boolean;
  readonly faults: FaultSettings;
}

/** Every environment variable that cannot be used, one sentence each, in the order they are read. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
  readonly problems: readonly string[];

  constructor(problems: readonly string[]) {
    super(problems.join('\n'));
    this.problems = problems;
  }
}

/**
 * Reads the whole configuration from environment variables, and nothing else.
 * Throws `ConfigError` naming every bad variable at once. A variable that is set must not be empty: an
 * empty `BACKEND_URL` left by a failed template would otherwise pass as the embedded store.
 */
export function parseConfig(env: Environment): Config {
  const problems: string[] = [];
  const read = createReader(env, problems);

  const port = read.integer('PORT', 8080, 1, 65_535);
  const config: Config = {
    port,
    metricsPort: read.integer('METRICS_PORT', port, 1, 65_535),
    backend: {
      ...parseBackendUrl(env, problems),
      expectedId: read.token('BACKEND_ID'),
      timeoutSeconds: read.number('BACKEND_TIMEOUT_SECONDS', 0.5, { above: 0, to: 60 }),
    },
    readiness: read.oneOf('READINESS', 'strict', READINESS_MODES),
    requestDeadlineSeconds: read.number('REQUEST_DEADLINE_SECONDS', 10, { above: 0, to: 3600 }),
    drainSeconds: read.number('DRAIN_SECONDS', 5, { from: 0, to: 3600 }),
    version: read.token('VERSION') ?? manifest.version,
    revision: read.token('REVISION') ?? 'unknown',
    logLevel: read.oneOf('LOG_LEVEL', 'info', LOG_LEVELS),
    faultsRoute: read.oneOf('FAULTS', 'off', ['off', 'on']) === 'on',
    faults: {
      errorRatio: read.number('FAULT_ERROR_RATIO', 0, { from: 0, to: 1 }),
      latencySeconds: read.number('FAULT_LATENCY_SECONDS', 0, { from: 0, to: 3600 }),
      hangRatio: read.number('FAULT_HANG_RATIO', 0, { from: 0, to: 1 }),
    },
  };
  const { errorRatio, hangRatio } = config.faults;
  if (errorRatio + hangRatio > 1) {
    problems.push(
      `FAULT_ERROR_RATIO and FAULT_HANG_RATIO must not add up to more than 1, got ${errorRatio} and ${hangRatio}`,
    );
  }
  if (problems.length > 0) {
    throw new ConfigError(problems);
  }
  return config;
}

type Range = ({ readonly from: number } | { readonly above: number }) & { readonly to: number };

/** Readers of one variable each: the default when unset, a problem (and the default) when unusable. */
function createReader(env: Environment, problems: string[]) {
  const value = <T>(name: string, fallback: T, rule: string, parse: (text: string) => T | undefined): T => {
    const text = env[name];
    if (text === undefined) {
      return fallback;
    }
    const parsed = parse(text);
    if (parsed !== undefined) {
      return parsed;
    }
    problems.push(`${name} must be ${rule}, got '${text}'`);
    return fallback;
  };

  return {
    integer(name: string, fallback: number, from: number, to: number): number {
      return value(name, fallback, `an integer between ${from} and ${to}`, (text) =>
        /^\d{1,9}$/.test(text) && Number(text) >= from && Number(text) <= to ? Number(text) : undefined,
      );
    },
    number(name: string, fallback: number, range: Range): number {
      const lower = 'from' in range ? `greater than or equal to ${range.from}` : `greater than ${range.above}`;
      return value(name, fallback, `a number ${lower} and less than or equal to ${range.to}`, (text) => {
        const number = /^\d{1,9}(\.\d{1,9})?$/.test(text) ? Number(text) : Number.NaN;
        const isHighEnough = 'from' in range ? number >= range.from : number > range.above;
        return isHighEnough && number <= range.to ? number : undefined;
      });
    },
    oneOf<T extends string>(name: string, fallback: T, allowed: readonly T[]): T {
      const rule = `one of ${allowed.map((word) => `'${word}'`).join(', ')}`;
      return value(name, fallback, rule, (text) => allowed.find((word) => word === text));
    },
    /** A word that is safe in a label, a header and a log line. */
    token(name: string): string | undefined {
      return value<string | undefined>(name, undefined, '1 to 128 printable ASCII characters without spaces', (text) =>
        /^[\x21-\x7e]{1,128}$/.test(text) ? text : undefined,
      );
    },
  };
}
