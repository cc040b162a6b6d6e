import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterEach, describe, expect, test } from '@jest/globals';
import { mapAt } from '../../manifest/json.ts';
import { sampleWorkload } from '../cluster/testing/sample.ts';
import { userObjects } from '../cluster/users.ts';
import { plainScenario } from '../plain-scenario.ts';

const folder = mkdtempSync(join(tmpdir(), 'users-'));
let server: Server;
afterEach(() => {
  server?.close();
  server?.closeAllConnections();
  rmSync(folder, { recursive: true });
});

/** Writes what the users' pod mounts into `folder`. */
async function mount(): Promise<void> {
  const [configMap] = userObjects(await sampleWorkload(), plainScenario(40), '/');
  for (const [name, text] of Object.entries(mapAt(configMap, ['data']))) {
    writeFileSync(join(folder, name), String(text));
  }
}

describe('the users’ program', () => {
  test('asks so many times a second, each on a connection of its own, and counts how they ended', async () => {
    let [connections, requests] = [0, 0];
    server = createServer((_, response) => {
      requests += 1;
      if (requests % 10 === 0) {
        response.destroy();
        return;
      }
      response.writeHead(requests % 2 === 0 ? 200 : 503).end();
    });
    server.on('connection', () => {
      connections += 1;
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    await mount();
    const program = spawn(process.execPath, [join(folder, 'program.ts'), `http://127.0.0.1:${port}/`, '40'], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const lines: string[] = [];
    for await (const line of createInterface(program.stdout)) {
      lines.push(line);
      if (lines.length === 3) {
        program.kill();
        break;
      }
    }
    const counts = lines.map((line) => JSON.parse(line) as Record<string, number>);
    const ends = counts.at(-1) ?? {};
    expect(Object.keys(ends).sort()).toEqual(['broken', 'failed', 'succeeded']);
    for (const [end, count] of Object.entries(counts[0] ?? {})) {
      expect(ends[end]).toBeGreaterThanOrEqual(count);
    }
    const total = Object.values(ends).reduce((sum, count) => sum + count, 0);
    // Behind a stalled machine fewer, never more.
    expect(total).toBeGreaterThan(0);
    expect(total).toBeLessThanOrEqual(120);
    expect(connections).toBeGreaterThanOrEqual(total);
  });
});
