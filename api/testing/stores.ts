import { afterAll, afterEach, beforeAll } from '@jest/globals';
import { has, startPostgres, startRedis, type TestServer } from './servers.ts';
import { type RunningApp, startApp } from './start-app.ts';
import { waitFor } from './start-process.ts';

/** A timeout far longer than a server needs on a busy machine: tests judge what it answers, not how soon. */
export const PATIENT = { BACKEND_TIMEOUT_SECONDS: '10' };

/** The programs that each real store needs. */
export const REDIS = ['redis-server'];
export const POSTGRES = ['postgres', 'initdb'];

/** Seconds after which a probe counts as hanging: far more than the backend's default timeout of half a second. */
export const A_HANG_SECONDS = 30;

type Environment = Readonly<Record<string, string>>;

/** A response of `/readyz`, and how long it took. */
interface Readyz {
  readonly status: number;
  readonly seconds: number;
  readonly text: string;
  readonly message?: string;
  readonly backend: {
    readonly ok: boolean;
    readonly id?: string;
    readonly address: string;
    readonly durationSeconds: number;
  };
}

/** Real stores for one test file, where their programs are installed, and one app at a time over any of them. */
export class Stores {
  redis: TestServer | undefined;
  postgres: TestServer | undefined;
  app: RunningApp | undefined;

  constructor() {
    beforeAll(async () => {
      if (has(...REDIS)) {
        this.redis = await startRedis();
      }
      if (has(...POSTGRES)) {
        this.postgres = await startPostgres();
      }
    });
    afterEach(() => this.closeApp());
    afterAll(async () => {
      await this.redis?.remove();
      await this.postgres?.remove();
    });
  }

  /** The environment of an app whose backend is this Redis. */
  onRedis(env: Environment = {}, database = 0): Environment & { readonly BACKEND_URL: string } {
    const url = `redis://127.0.0.1:${this.redis?.port}/${database}`;
    return { BACKEND_URL: url, BACKEND_PASSWORD: this.redis?.password ?? '', ...PATIENT, ...env };
  }

  onPostgres(env: Environment = {}, database = 'postgres'): Environment & { readonly BACKEND_URL: string } {
    const url = `postgres://postgres@127.0.0.1:${this.postgres?.port}/${database}`;
    return { BACKEND_URL: url, BACKEND_PASSWORD: this.postgres?.password ?? '', ...PATIENT, ...env };
  }

  async start(env: Environment): Promise<RunningApp> {
    this.app = await startApp(env);
    return this.app;
  }

  async closeApp(): Promise<void> {
    await this.app?.close();
    this.app = undefined;
  }

  async readyz(): Promise<Readyz> {
    const startedAt = performance.now();
    const response = await fetch(`${this.app?.url}/readyz`);
    const text = await response.text();
    const body = JSON.parse(text);
    const seconds = (performance.now() - startedAt) / 1000;
    return { status: response.status, seconds, text, message: body.error?.message, backend: body.checks.backend };
  }

  /** Starts an app and asks its `/readyz` once. */
  async readyzOf(env: Environment): Promise<Readyz> {
    await this.start({ LOG_LEVEL: 'info', ...env });
    return this.readyz();
  }

  async untilReady(status: number): Promise<void> {
    await waitFor(async () => (await this.readyz()).status === status, `/readyz to answer ${status}`);
  }
}
