import { describeLosses, remediesOf } from './losses.ts';
import type { Outcome, TimedEvent } from './outcome.ts';
import { UNMEASURED, weightText } from './outcome.ts';
import { CANARY } from './release.ts';
import type { Scenario } from './scenario.ts';

/** What happened in a rehearsal, in a few sentences. */
export function narrate({ title, requestsPerSecond }: Scenario, outcome: Outcome): readonly string[] {
  const { verdict, seconds, lost, losses, sent, message, events, canaryRequests } = outcome;
  const at = (t: number) => `${t.toFixed(0)} s`;
  const available = events.find((event) => event.event === 'available' && event.rs === CANARY && event.n > 0);
  const reads = events.flatMap((event) => (event.event === 'measurement' ? [event] : []));
  const bad = reads.filter(({ phase }) => phase !== 'Successful');
  const sentences = [
    title,
    available === undefined
      ? 'No pod of the new version was ever available.'
      : `The first pod of the new version was available after ${at(available.t)}.`,
    requestsPerSecond === 0 ? 'Nobody asked anything.' : '',
    reads.length === 0
      ? 'The gate was never read.'
      : `The gate was read ${reads.length} times; ${bad.length === 0 ? 'every read was good' : `${bad.length} reads were not good: ${bad.map(describeRead).join(', ')}`}.`,
    verdict === 'promoted'
      ? `The release was promoted after ${at(seconds)}${canaryRequests === 0 ? ` — ${UNMEASURED}` : ''}.`
      : verdict === 'aborted'
        ? `It was aborted after ${at(seconds)}, at weight ${weightText(outcome)}: ${message}.`
        : `It had neither been promoted nor aborted after ${at(seconds)}: ${message}.`,
    `Users sent ${sent} requests and lost ${lost}${lost === 0 ? '' : `: ${describeLosses(losses)}`}.`,
    ...remediesOf(losses),
  ];
  return sentences.filter((sentence) => sentence !== '');
}

function describeRead(event: Extract<TimedEvent, { event: 'measurement' }>): string {
  const [, value] = /^\[?(-?[\d.e+-]+)\]?$/.exec(event.value) ?? [];
  const read = value === undefined ? event.value || event.message || '' : Number(Number(value).toFixed(3));
  return `${event.metric} ${read} at ${event.t.toFixed(0)} s`;
}
