import { get } from '../rehearsal/local/request.ts';
import type { Breaches } from './checks.ts';
import { total } from './counts.ts';
import type { Fleet } from './fleet.ts';
import { differences, type Ledger, type StoredItem } from './ledger.ts';
import type { Load } from './load.ts';
import { isTrueBy, NEVER_SECONDS, now } from './time.ts';

interface Ended {
  readonly fleet: Fleet;
  readonly load: Load;
  readonly ledger: Ledger;
}

/** After the load: compares the last counts, then the items that each instance lists with the ledger, and ends all instances. */
export async function judgeEnd({ fleet, load, ledger }: Ended, breaches: Breaches, signal: AbortSignal): Promise<void> {
  const asked = load.service.sent + load.hostility.asked;
  const [answered, lost] = [
    fleet.all().reduce((sum, one) => sum + total(one.answered), 0),
    fleet.all().reduce((sum, one) => sum + one.lost, 0),
  ];
  if (asked !== answered + lost) {
    breaches.report('counted', `${asked} sent, ${answered} answered, ${lost} lost`);
  }
  const last = fleet.members();
  await Promise.all(last.map((instance) => fleet.compareCount(instance, now() + NEVER_SECONDS)));
  for (const instance of last) {
    const { status, body } = await get(instance.port, '/api/items', NEVER_SECONDS * 1000);
    const problems =
      status === 200
        ? differences(ledger, (JSON.parse(body) as { items: readonly StoredItem[] }).items)
        : [`${instance.name} answered ${status}`];
    for (const problem of problems) {
      breaches.report('items', problem);
    }
    // Ctrl-C: it ends without a drain, which nobody needs any more.
    instance.end('SIGINT');
  }
  for (const { name, process } of last) {
    if (!(await isTrueBy(now() + NEVER_SECONDS, process.hasExited, signal)) && !signal.aborted) {
      breaches.report('processes', `${name} had not ended ${NEVER_SECONDS} s after SIGINT`);
    }
  }
}
