import { get } from '../rehearsal/local/request.ts';
import type { Breaches } from './breaches.ts';
import type { Clock } from './clock.ts';
import type { Fleet } from './fleet.ts';
import type { Ledger, StoredItem } from './ledger.ts';
import type { Load } from './load.ts';
import { total } from './tally.ts';

interface Books {
  readonly fleet: Fleet;
  readonly load: Load;
  readonly ledger: Ledger;
  readonly clock: Clock;
  readonly breaches: Breaches;
  readonly signal: AbortSignal;
}

/** For the counts to be read once the last client has been answered. */
const LAST_READ_SECONDS = 30;
const READ_MILLISECONDS = 30_000;
const EXIT_SECONDS = 60;

/** Once nobody asks any more: reads the last counts, then the items through each instance, and ends them all. */
export async function closeBooks({ fleet, load, ledger, clock, breaches, signal }: Books): Promise<void> {
  const last = fleet.members();
  const sum = (count: (instance: (typeof last)[number]) => number) =>
    fleet.all().reduce((all, one) => all + count(one), 0);
  const [answered, lost] = [sum((one) => total(one.answered)), sum((one) => one.lost())];
  if (load.asked() !== answered + lost) {
    breaches.report('counted', `${load.asked()} sent, ${answered} answered, ${lost} lost`);
  }
  await Promise.all(last.map((instance) => fleet.compareCount(instance, clock.now() + LAST_READ_SECONDS)));
  for (const instance of last) {
    const reply = await get(instance.port, '/api/items', READ_MILLISECONDS);
    const problems =
      reply.status === 200
        ? ledger.differences((JSON.parse(reply.body) as { items: readonly StoredItem[] }).items)
        : [`${instance.name} answered ${reply.status}`];
    for (const problem of problems) {
      breaches.report('items', problem);
    }
    // As Ctrl-C: nobody is left to be drained.
    instance.signal('SIGINT');
  }
  const ends = Promise.all(last.map(({ process: { exited } }) => exited));
  await Promise.race([ends, clock.until(clock.now() + EXIT_SECONDS, signal)]);
  for (const { name } of last.filter(({ process: { hasExited } }) => !hasExited())) {
    breaches.report('processes', `${name} had not ended ${EXIT_SECONDS} s after SIGINT`);
  }
}
