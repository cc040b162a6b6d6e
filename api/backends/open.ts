import type { BackendConfig } from '../config.ts';
import type { Backend } from './backend.ts';

/** The backend a URL names. Each client library is loaded only by those who use it: start-up counts. */
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
