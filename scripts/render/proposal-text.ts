import { formatPath } from '../manifest/json.ts';
import { type Edit, lineOf } from '../odds/edit.ts';
import type { Candidate, Proposal } from '../odds/propose.ts';
import { describeHealthy, formatCount, formatRatio } from '../odds/sentence.ts';
import { place } from '../rehearsal/place.ts';
import { formatInterval, formatShare } from './odds-text.ts';

/** What is wanted, what the gate does now, and the edits that bring it there or closest. */
export function renderProposal(want: string, { now, best, tried }: Proposal): string {
  const lines = [`wanted: ${want}`, `now:    ${describe(now)}`];
  if (now.judgement.isReached) {
    return `${[...lines, 'The gate does this as it is.'].join('\n')}\n`;
  }
  const { edits } = best;
  const many = edits.length === 1 ? 'one edit' : `${edits.length} edits`;
  const outcome = best.judgement.isReached
    ? `Reached with ${many}, of ${formatCount(tried)} gates tried:`
    : edits.length === 0
      ? `Not reached by any of ${formatCount(tried)} gates tried, and none comes nearer than this one.`
      : `Not reached by any of ${formatCount(tried)} gates tried. Nearest, with ${many}:`;
  const then = edits.length === 0 ? [] : [`then:   ${describe(best)}`];
  return `${[...lines, outcome, ...edits.map((edit) => `  ${describeEdit(edit)}`), ...then].join('\n')}\n`;
}

/** A proposal as an object for JSON output. */
export function proposalAsJson({ now, best, tried }: Proposal): object {
  const plain = ({ edits, judgement, seconds, replicas }: Candidate) => ({
    ...judgement,
    seconds,
    replicas,
    edits: edits.map(describeEdit),
  });
  return { now: plain(now), best: plain(best), tried };
}

/** `file:line: field: old -> new`. */
function describeEdit(edit: Edit): string {
  const { manifest, path, from, to } = edit;
  const line = Number(place(manifest, path).split(':').at(-2));
  return `${manifest.source.file}:${lineOf(edit, line)}: ${formatPath(path)}: ${from === '' ? '(not set)' : from} -> ${to}`;
}

function describe({ judgement: { catches, healthy }, seconds }: Candidate): string {
  return [
    ...catches.map(
      (odds) =>
        `catches ${formatRatio(odds.failureRatio)} at ${formatCount(odds.requestsPerSecond)} rps ${formatShare(odds.abort.share)} (${formatInterval(odds)}) of the time`,
    ),
    ...healthy.map(
      (odds) => `aborts a healthy release at ${formatCount(odds.requestsPerSecond)} rps ${describeHealthy(odds)}`,
    ),
    `pauses for ${formatCount(seconds)} s`,
  ].join(', ');
}
