import type { BackendConfig } from '../config.ts';
import type { Backend } from './backend.ts';

/** The backend that a URL names. A client library is loaded only when it is used: loading takes longer than the rest of a start. */
export async function openBackend(config: BackendConfig): Promise<Backend> {
  switch (config.url.protocol) {
    case 'redis:':
    case 'rediss:':
      return (await import('./redis.ts')).createRedisBackend(config);
    case 'postgres:':
    case 'postgresql:':
      return (await import('./postgres.ts')).createPostgresBackend(config);
    case 'http:':
    case 'https:':
      return (await import('./http.ts')).createHttpBackend(config);
    default:
      return (await import('./memory.ts')).createMemoryBackend(config.url);
  }
}
