/** What happens to the service, and when, seconds since the load began. */
export interface Event {
  readonly at: number;
  readonly what: 'restart' | 'backend-kill' | 'backend-back' | 'kill';
}

const RESTART_EVERY_SECONDS = 10;
const OUTAGE_SECONDS = 2;

/**
 * A restart every 10 s, the backend killed at 35 % and at 70 % of the time, one instance killed at 55 %. In order. The last restart
 * begins 10 s before the end, and is waited for.
 */
export function scheduleOf(seconds: number): readonly Event[] {
  const events: Event[] = [];
  for (let at = RESTART_EVERY_SECONDS; at <= seconds - RESTART_EVERY_SECONDS; at += RESTART_EVERY_SECONDS) {
    events.push({ at, what: 'restart' });
  }
  for (const share of [0.35, 0.7]) {
    events.push(
      { at: seconds * share, what: 'backend-kill' },
      { at: seconds * share + OUTAGE_SECONDS, what: 'backend-back' },
    );
  }
  events.push({ at: seconds * 0.55, what: 'kill' });
  return events.sort((a, b) => a.at - b.at);
}
