import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { ConfigError, LOG_LEVELS, parseConfig, READINESS_MODES } from './config.ts';
import { anyText, examples } from './testing/fuzz.ts';

type Environment = Readonly<Record<string, string>>;

/** What is wrong with an environment; empty where nothing is. Any other error goes through. */
function problemsOf(env: Environment): readonly string[] {
  try {
    parseConfig(env);
    return [];
  } catch (error) {
    if (!(error instanceof ConfigError)) {
      throw error;
    }
    expect(error.message).toBe(error.problems.join('\n'));
    return error.problems;
  }
}

const number = (most: number) => fc.nat({ max: most * 1000 }).map((thousandths) => String(thousandths / 1000));
const port = fc.integer({ min: 1, max: 65_535 }).map(String);
const token = fc.stringMatching(/^[\x21-\x7e]{1,20}$/);
/** Values that can be used, by variable. */
const GOOD = {
  PORT: port,
  METRICS_PORT: port,
  BACKEND_URL: fc.constantFrom(
    'memory:',
    'memory:orders',
    'redis://redis:6379/1',
    'postgres://db/app',
    'http://other:8080/api',
  ),
  BACKEND_USERNAME: fc.string({ minLength: 1 }),
  BACKEND_PASSWORD: fc.string({ minLength: 1 }),
  BACKEND_ID: token,
  BACKEND_TIMEOUT_SECONDS: number(60).filter((text) => text !== '0'),
  READINESS: fc.constantFrom(...READINESS_MODES),
  REQUEST_DEADLINE_SECONDS: number(3600).filter((text) => text !== '0'),
  DRAIN_SECONDS: number(3600),
  VERSION: token,
  REVISION: token,
  LOG_LEVEL: fc.constantFrom(...LOG_LEVELS),
  FAULTS: fc.constantFrom('on', 'off'),
  FAULT_ERROR_RATIO: fc.constantFrom('0', '0.1', '0.5'),
  FAULT_LATENCY_SECONDS: number(3600),
  FAULT_HANG_RATIO: fc.constantFrom('0', '0.25', '0.5'),
} as const;
const NAMES = Object.keys(GOOD);

const optional = (values: Record<string, fc.Arbitrary<string>>) =>
  fc.record(values, { requiredKeys: [] }) as fc.Arbitrary<Environment>;
const good = optional(GOOD);
const anything = fc.oneof(
  anyText({ maxLength: 30 }),
  fc.webUrl({ withQueryParameters: true, withFragments: true }),
  fc.constantFrom(
    '',
    ' ',
    '0',
    '-1',
    '1e3',
    'NaN',
    '0x10',
    '٣',
    '\0',
    'memory:a/b',
    'redis://h/zero',
    'postgres://u:p@h',
    '//',
    '%',
    'http://%zz@h',
    '__proto__',
  ),
);
const wild = optional(
  Object.fromEntries(NAMES.map((name, index) => [name, fc.oneof(anything, Object.values(GOOD)[index] ?? anything)])),
);

describe('parseConfig', () => {
  test('takes every environment or names what is wrong with it, each bad variable as it does alone', () => {
    fc.assert(
      fc.property(wild, (env) => {
        const together = problemsOf(env).map((problem) => problem.split(' ')[0]);
        const isBackend = (name: string) => /^BACKEND_(URL|USERNAME|PASSWORD)$/.test(name);
        for (const [name, value] of Object.entries(env)) {
          if (!isBackend(name) && problemsOf({ [name]: value }).length > 0) {
            expect(together).toContain(name);
          }
        }
        if (env.BACKEND_URL !== undefined && problemsOf({ BACKEND_URL: env.BACKEND_URL }).length > 0) {
          expect(together).toContain('BACKEND_URL');
        }
      }),
      examples(150),
    );
  });

  test('reads a good environment as it is written', () => {
    fc.assert(
      fc.property(good, (env) => {
        const config = parseConfig(env);
        const said = (name: string, value: unknown) => {
          if (env[name] !== undefined) {
            expect(String(value)).toBe(env[name]);
          }
        };
        said('PORT', config.port);
        said('METRICS_PORT', config.metricsPort);
        said('BACKEND_URL', config.backend.url.href);
        said('BACKEND_USERNAME', config.backend.username);
        said('BACKEND_PASSWORD', config.backend.password);
        said('BACKEND_ID', config.backend.expectedId);
        said('BACKEND_TIMEOUT_SECONDS', config.backend.timeoutSeconds);
        said('READINESS', config.readiness);
        said('REQUEST_DEADLINE_SECONDS', config.requestDeadlineSeconds);
        said('DRAIN_SECONDS', config.drainSeconds);
        said('VERSION', config.version);
        said('REVISION', config.revision);
        said('LOG_LEVEL', config.logLevel);
        said('FAULTS', config.faultsRoute ? 'on' : 'off');
        said('FAULT_ERROR_RATIO', config.faults.errorRatio);
        said('FAULT_LATENCY_SECONDS', config.faults.latencySeconds);
        said('FAULT_HANG_RATIO', config.faults.hangRatio);
      }),
      examples(150),
    );
  });

  test('takes credentials out of a URL as they were put in, and tells of them in no problem', () => {
    const secret = anyText({ minLength: 1, maxLength: 10 }).map((text) => `hunter2${text}`);
    const scheme = fc.constantFrom('redis://', 'postgres://', 'http://', 'mysql://', '//', '');
    const rest = fc.constantFrom('host/1', 'host:6379/app', 'ho st/1', '', 'host/x?a=b', 'host/1#x', 'host:99999/1');
    fc.assert(
      fc.property(scheme, secret, rest, fc.boolean(), (start, password, end, isEncoded) => {
        const written = isEncoded ? encodeURIComponent(password.toWellFormed()) : password;
        const problems = problemsOf({ BACKEND_URL: `${start}user:${written}@${end}`, BACKEND_PASSWORD: 'hunter2' });
        expect(problems.join()).not.toContain('hunter2');
        const { backend } =
          isEncoded && problemsOf({ BACKEND_URL: `redis://user:${written}@host` }).length === 0
            ? parseConfig({ BACKEND_URL: `redis://user:${written}@host` })
            : { backend: { url: '', password: password.toWellFormed() } };
        expect(String(backend.url)).not.toContain('hunter2');
        expect(backend.password).toBe(password.toWellFormed());
      }),
      examples(150),
    );
  });
});
