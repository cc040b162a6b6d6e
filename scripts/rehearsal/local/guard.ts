// Started beside a rehearsal: kills what that leaves behind, however it ends. Each line on standard input is a process id, with a minus
// once it has ended by itself; the end of the input is the end of the rehearsal, also after kill -9.
import { createInterface } from 'node:readline';

const alive = new Set<number>();
// Ctrl-C reaches every process of the terminal; this one has work to do after it.
process.on('SIGINT', () => undefined);
process.on('SIGTERM', () => undefined);
for await (const line of createInterface({ input: process.stdin })) {
  const id = Number(line);
  if (id > 0) {
    alive.add(id);
  } else {
    alive.delete(-id);
  }
}
for (const id of alive) {
  try {
    process.kill(id, 'SIGKILL');
  } catch {
    // It has ended already.
  }
}
