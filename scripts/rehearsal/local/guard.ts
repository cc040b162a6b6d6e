// A process beside the rehearsal that kills what the rehearsal leaves running, however that ends. Each line of standard
// input is a process id, and again with a minus when that process has exited. The input ends with the rehearsal, also after
// kill -9.
import { createInterface } from 'node:readline';

const alive = new Set<number>();
// The guard must survive these signals until its input ends.
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
    // The process has exited already.
  }
}
