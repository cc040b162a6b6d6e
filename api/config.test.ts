import { describe, expect, test } from '@jest/globals';
import { ConfigError, parseConfig } from './config.ts';

function problemsOf(env: Record<string, string>): readonly string[] {
  try {
    parseConfig(env);
  } catch (error) {
    if (error instanceof ConfigError) {
      return error.problems;
    }
    throw error;
  }
  return [];
}

describe('parseConfig', () => {
  test('runs on the embedded backend when nothing is set', () => {
    const { backend, ...rest } = parseConfig({});
    expect(rest).toEqual({
      port: 8080,
      metricsPort: 8080,
      readiness: 'strict',
      requestDeadlineSeconds: 10,
      drainSeconds: 5,
      version: expect.stringMatching(/^\d+\.\d+\.\d+$/),
      revision: 'unknown',
      logLevel: 'info',
      faultsRoute: false,
      faults: { errorRatio: 0, latencySeconds: 0, hangRatio: 0 },
    });
    expect({ ...backend, url: backend.url.href }).toEqual({ url: 'memory:', timeoutSeconds: 0.5 });
  });

  test.each([
    ['PORT', ['1', '65535'], ['0', '65536', '', '80.5', '-1', '0x50', ' 80', 'abc', '1e3', '99999999999']],
    ['METRICS_PORT', ['1', '65535'], ['0', '65536', '']],
    ['BACKEND_TIMEOUT_SECONDS', ['0.001', '60'], ['0', '60.1', '-1', '', 'NaN', 'Infinity', '500ms']],
    ['REQUEST_DEADLINE_SECONDS', ['0.001', '3600'], ['0', '3600.1', '']],
    ['DRAIN_SECONDS', ['0', '3600'], ['-1', '3600.1', '']],
    ['FAULT_ERROR_RATIO', ['0', '0.1', '1'], ['1.1', '-0.1', '10%', '']],
    ['FAULT_HANG_RATIO', ['0', '1'], ['1.1', '']],
    ['FAULT_LATENCY_SECONDS', ['0', '3600'], ['3601', '']],
    ['READINESS', ['strict', 'latched'], ['Strict', 'on', '']],
    ['FAULTS', ['off', 'on'], ['true', '1', '']],
    ['LOG_LEVEL', ['debug', 'silent'], ['verbose', '']],
    ['VERSION', ['1.4.0', 'x'.repeat(128)], ['', 'x'.repeat(129), 'a b', 'a\nb', 'é']],
    ['REVISION', ['4f1d2c0'], ['', 'a b']],
    ['BACKEND_ID', ['orders'], ['', 'a b']],
    ['BACKEND_USERNAME', ['app', 'a b'], ['']],
    ['BACKEND_PASSWORD', ['p@ss'], ['']],
    [
      'BACKEND_URL',
      [
        'memory:',
        'memory:orders',
        'redis://redis',
        'redis://redis:6379/0',
        'rediss://redis/15',
        'postgres://db/app',
        'postgresql://db:5432/app?sslmode=require',
        'http://other:8080',
        'https://other/prefix/',
      ],
      [
        '',
        'redis',
        'memory:a/b',
        'memory:?x',
        'redis://redis/zero',
        'redis://redis/0/1',
        'redis:///0',
        'redis://redis?db=1',
        'postgres://db',
        'postgres://db/a/b',
        'postgres://db/app?password=x',
        'http://other/?x=1',
        'http://other/#x',
        'http://',
        'mysql://db/app',
        'localhost:6379',
      ],
    ],
  ])('%s accepts what it can use and names itself for the rest', (name, good, bad) => {
    for (const value of good) {
      expect(problemsOf({ [name]: value })).toEqual([]);
    }
    for (const value of bad) {
      expect(problemsOf({ [name]: value })).toEqual([expect.stringMatching(`^${name} must `)]);
    }
  });

  test('says what must be and what was got', () => {
    expect(problemsOf({ PORT: 'abc' })).toEqual(["PORT must be an integer between 1 and 65535, got 'abc'"]);
  });

  test('reports every bad variable at once', () => {
    const problems = problemsOf({ PORT: 'x', BACKEND_URL: 'y', DRAIN_SECONDS: 'z', FAULTS: 'maybe' });
    expect(problems.map((problem) => problem.split(' ')[0])).toEqual([
      'PORT',
      'BACKEND_URL',
      'DRAIN_SECONDS',
      'FAULTS',
    ]);
  });

  test('lets error and hang ratios share at most all requests', () => {
    expect(problemsOf({ FAULT_ERROR_RATIO: '0.5', FAULT_HANG_RATIO: '0.5' })).toEqual([]);
    expect(problemsOf({ FAULT_ERROR_RATIO: '0.6', FAULT_HANG_RATIO: '0.5' })).toHaveLength(1);
  });

  test('takes credentials out of the URL, wherever they were given', () => {
    const inUrl = parseConfig({ BACKEND_URL: 'redis://app:p%40ss@redis:6379/1' }).backend;
    const apart = parseConfig({
      BACKEND_URL: 'redis://redis:6379/1',
      BACKEND_USERNAME: 'app',
      BACKEND_PASSWORD: 'p@ss',
    }).backend;
    for (const { url, username, password } of [inUrl, apart]) {
      expect([url.href, username, password]).toEqual(['redis://redis:6379/1', 'app', 'p@ss']);
    }
  });

  test('refuses the same credential twice', () => {
    expect(problemsOf({ BACKEND_URL: 'redis://app:a@redis', BACKEND_PASSWORD: 'b' })).toEqual([
      'BACKEND_PASSWORD must not be set when BACKEND_URL has one too',
    ]);
  });

  test.each([
    'mysql://app:hunter2@db/x',
    'app:hunter2@redis:6379',
    'redis://app:hunter2@redis/zero',
    'http://a:hunter2@other/?x',
    '//u:hunter2@h',
    'postgres://db/app?user=app&password=hunter2',
    'http://other/#hunter2',
  ])('never quotes the password of %s', (url) => {
    const [problem] = problemsOf({ BACKEND_URL: url });
    expect(problem).toMatch(/^BACKEND_URL must /);
    expect(problem).not.toContain('hunter2');
  });
});
