import pino from 'pino';
import supertest from 'supertest';
import { type App, createApp } from '../app.ts';
import type { Backend } from '../backends/backend.ts';
import { createMemoryBackend } from '../backends/memory.ts';
import { parseConfig } from '../config.ts';

type Environment = Readonly<Record<string, string>>;

/** An app without a port and without a log, over the embedded store. */
export function createTestApp(env: Environment = {}, backend?: Backend): App {
  const config = parseConfig({ VERSION: '1.4.0', REVISION: '4f1d2c0', ...env });
  const log = pino({ level: 'silent' });
  return createApp({ config, backend: backend ?? createMemoryBackend(new URL('memory:')), log });
}

/** Sends requests to the users' port of a new test app. */
export function users(env?: Environment, backend?: Backend) {
  return supertest(createTestApp(env, backend).users);
}
