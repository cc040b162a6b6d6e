import { styleText } from 'node:util';
import type { Plan } from '../argo/plan.ts';
import { percentOf } from '../argo/weight.ts';
import type { Floor } from '../summary/floor.ts';
import { type Ending, SLOW_SECONDS, SUMMARY_RPS } from '../summary/play-gate.ts';
import { formatPercent } from '../summary/sentence.ts';
import type { Summary } from '../summary/summarize.ts';
import type { WeightRow } from '../summary/weights.ts';
import { columns } from './table.ts';

/** What `--format json` says of a summary: of the plan, why the controller refuses it, its pods, steps and whether a router splits. */
export function summaryAsJson({ plan, ...summary }: Summary) {
  const { invalid, replicas, steps, routing } = plan;
  return { ...summary, invalid, replicas, steps, isRouted: routing !== undefined };
}

/** What a workload's gate will do, in words and numbers. */
export function renderSummary(summary: Summary, stream: NodeJS.WritableStream): string {
  const title = `Rollout '${summary.name}' (${summary.place}) ${summary.sentence}`;
  const head = [styleText('bold', title, { stream }), ...summary.assumed.map((line) => `  ${line}`)];
  if (summary.plan.invalid !== undefined) {
    const consequence = 'The controller marks it InvalidSpec and stops: it neither releases nor scales.';
    return `${head.join('\n')}\n  ${consequence}\n  ${summary.plan.invalid}\n`;
  }
  const lines = [
    ...head,
    `  ${planLine(summary.plan)}`,
    `  good         ${sentence(summary.good)}`,
    `  failing      Every request fails: ${sentence(summary.failing)}`,
    `               ${floorSentence(summary.failures, formatPercent, 'fails', 'of its requests')}`,
    `  slow         Every answer takes ${SLOW_SECONDS} s: ${sentence(summary.slow)}`,
    `               ${floorSentence(summary.latency, seconds, 'takes', 'to answer')}`,
    `  never ready  ${sentence(summary.neverReady)}`,
    '',
    summary.plan.routing !== undefined
      ? "  Pods at each weight, canary+stable, and the canary's share of the requests:"
      : "  Pods at each weight, canary+stable, and the canary's share of them:",
    ...columns(weightTable(summary.weights)).map((line) => `    ${line}`),
  ];
  return `${lines.join('\n')}\n`;
}

function planLine(plan: Plan): string {
  const share = (weight: number) => `${percentOf(plan, weight)} %`;
  const words = plan.steps.map((step) => {
    switch (step.kind) {
      case 'setWeight':
        return share(step.weight);
      case 'pause':
        return step.seconds === undefined ? 'wait to be promoted' : `${step.seconds} s`;
      case 'analysis':
        return 'analysis';
      case 'setCanaryScale':
        return step.matchesWeight
          ? 'pods as the weight'
          : `canary pods for ${step.replicas ?? share(step.weight ?? 0)}`;
      case 'setHeaderRoute':
      case 'setMirrorRoute':
        return `${step.kind} ${step.name}`;
      default:
        return step satisfies never;
    }
  });
  return `plan         ${plan.replicas} replicas: ${words.join(', ') || 'no steps, no gate'}; counted at ${SUMMARY_RPS} requests a second`;
}

function sentence({ verdict, weight, seconds: after, lost, sent, deciding, reason }: Ending): string {
  const cost = lost === 0 ? 'no request is lost' : `${lost} of ${sent} requests are lost`;
  if (verdict === 'stuck') {
    // No number of lost requests: it depends on when somebody comes.
    const why = reason === '' ? '' : ` (${reason})`;
    return `never ends by itself: it stands at weight ${weight}${why}${lost === 0 ? '; no request is lost' : ', and goes on losing requests until somebody comes'}.`;
  }
  if (verdict === 'promoted') {
    return `promoted after ${whole(after)}; ${cost}.`;
  }
  const by = deciding.map(
    ({ metric, badReads, error, firstRead, decidingRead }) =>
      `by ${error === undefined ? `bad read ${badReads}` : `${badReads} Errors in a row`} of '${metric}'${error === undefined ? '' : ` (${error})`} at ${whole(decidingRead)} (first read at ${whole(firstRead)})`,
  );
  const isDeadline = reason === '' || reason.endsWith(' has timed out progressing.');
  const otherwise = isDeadline ? `by the deadline at ${whole(after)}` : `at ${whole(after)} (${reason})`;
  return `aborted ${by.length === 0 ? otherwise : by.join(' and ')}, at weight ${weight}; ${cost}.`;
}

function floorSentence(
  { promoted, abortedBy }: Floor,
  unit: (size: number) => string,
  verb: string,
  of: string,
): string {
  const caught = abortedBy.flatMap(({ weight, from }, index) =>
    from === undefined || from === abortedBy[index - 1]?.from ? [] : [`from ${unit(from)} at weight ${weight}`],
  );
  const passes =
    promoted === undefined
      ? 'Not even a release without any fault is promoted'
      : `One that ${verb} up to ${unit(promoted)} ${of} is promoted`;
  return `${passes}${caught.length === 0 ? '; nothing is caught' : `; it is aborted ${caught.join(', ')}`}.`;
}

function weightTable(rows: readonly WeightRow[]): readonly (readonly string[])[] {
  const head = ['replicas', ...(rows[0]?.weights ?? []).map(({ weight }) => `setWeight ${weight}`)];
  return [
    head,
    ...rows.map(({ replicas, isOwn, weights }) => [
      `${isOwn ? '→ ' : ''}${replicas}`,
      ...weights.map(({ pods, effective }) => `${pods.canary}+${pods.stable} ${effective.toFixed(0)} %`),
    ]),
  ];
}

const whole = (time: number) => `${time.toFixed(0)} s`;
const seconds = (time: number) => `${Number(time.toFixed(2))} s`;
