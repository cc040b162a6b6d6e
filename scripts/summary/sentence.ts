import type { Plan } from '../argo/plan.ts';
import { unmeasured } from '../rehearsal/measures.ts';
import type { Model } from '../rehearsal/model/model.ts';
import type { Played } from '../rules/workspace.ts';
import { shortWindow } from './empty.ts';
import { type Floor, failureFloor } from './floor.ts';
import { type Ending, type PlayedGate, playGate, SLOW_SECONDS, SUMMARY_RPS } from './play-gate.ts';

type Verdict = Exclude<Played['verdict'], 'unknown'>;

/** Whether a gate works, and a sentence without its subject: `works from 8 % of failures at 100 requests a second`. */
export function judgeGate(model: Model, gate = playGate(model), failures?: Floor): Played {
  const verdict = verdictOf(gate, model.workload);
  return { verdict, sentence: describe(verdict, model, gate, failures) };
}

function verdictOf({ good, failing, slow }: PlayedGate, workload: Model['workload']): Verdict {
  if (workload.plan.invalid !== undefined) {
    return 'invalid';
  }
  if (good.verdict !== 'promoted') {
    return good.verdict === 'aborted' ? 'always' : 'stands';
  }
  if (failing.verdict !== 'promoted') {
    return 'works';
  }
  if (unmeasured(workload).length > 0) {
    return 'unmeasured';
  }
  return slow.verdict === 'aborted' ? 'slow' : 'never';
}

/** Without `failures` the floor is searched, which takes ten releases, where the sentence needs it. */
function describe(verdict: Verdict, model: Model, { good, failing }: PlayedGate, failures?: Floor): string {
  const { plan } = model.workload;
  const said = shortWindowOf(model);
  const because = said === undefined ? '' : ` (${said})`;
  switch (verdict) {
    case 'invalid':
      return `is refused by the controller, which then releases nothing (InvalidSpec: ${plan.invalid})`;
    case 'always':
      return `aborts a healthy release${becauseOf(good)}`;
    case 'stands':
      return `never ends a healthy release: it stands at weight ${good.weight}${good.reason === '' ? '' : ` (${good.reason})`}`;
    case 'never':
      return `promotes a release that fails every request${isGated(plan) ? because : ': nothing measures it'}`;
    case 'unmeasured':
      return `is decided by ${unmeasured(model.workload).join(' and ')}, which nothing here can measure`;
    case 'slow':
      return `promotes a release that fails every request${because}; it aborts one whose every answer takes ${SLOW_SECONDS} s`;
    default: {
      const from = (failures ?? failureFloor(model)).aborted;
      if (failing.verdict === 'stuck' || from === undefined) {
        return 'lets a release that fails every request stand until a person decides';
      }
      const catches =
        from < 1 ? `works from ${formatPercent(from)} of failures` : 'works only where every request fails,';
      return `${catches} at ${SUMMARY_RPS} requests a second${waitsFor(plan)}`;
    }
  }
}

/** The first metric whose window may hold fewer than two scrapes: `'errors': window [20s] never holds two scrapes, …`. */
export function shortWindowOf(model: Model): string | undefined {
  for (const { name, expr } of model.workload.metrics) {
    const said = expr && shortWindow(model, expr);
    if (said !== undefined) {
      return `'${name}': ${said}`;
    }
  }
  return undefined;
}

/** The end of a sentence: the steps (1-based) at which a person has to promote; empty where there are none. */
function waitsFor({ steps }: Plan): string {
  const waits = steps.flatMap((step, index) =>
    step.kind === 'pause' && step.seconds === undefined ? [index + 1] : [],
  );
  return waits.length === 0 ? '' : `, and waits for a person at step ${waits.join(' and ')}`;
}

function isGated({ analysis, steps }: Plan): boolean {
  return analysis !== undefined || steps.some((step) => step.kind === 'analysis');
}

function becauseOf({ deciding, reason }: Ending): string {
  const [first] = deciding;
  if (first === undefined) {
    return reason === '' ? '' : `: ${reason}`;
  }
  return first.error === undefined
    ? `: '${first.metric}' fails ${first.badReads === 1 ? 'a read' : `${first.badReads} reads`} of it`
    : `: ${first.badReads} Errors in a row of '${first.metric}' (${first.error})`;
}

/** `5.5 %` of a ratio 0–1. */
export const formatPercent = (share: number) => `${Number((share * 100).toFixed(1))} %`;
