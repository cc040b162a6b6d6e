import { formatPath, type Path } from '../manifest/json.ts';
import { RehearsalError } from '../rehearsal/errors.ts';
import { unmeasured } from '../rehearsal/measures.ts';
import { place } from '../rehearsal/place.ts';
import type { Workload } from '../rehearsal/workload.ts';
import { ANALYSIS, CANARY, STEPS } from '../workload/rollout.ts';

/** Throws RehearsalError, with file and line, for a Rollout that releases nothing, or whose releases no query measures. */
export function checkGate(workload: Workload): void {
  const { plan, metrics, rollout } = workload;
  const { manifest } = rollout;
  function refuse(path: Path, reason: string): never {
    throw new RehearsalError(`${place(manifest, path)}: ${formatPath(path)}: ${reason}`);
  }
  if (plan.invalid !== undefined) {
    refuse(['spec'], `the controller plays nothing: ${plan.invalid}`);
  }
  const runs = [{ path: ANALYSIS, spec: plan.analysis?.spec }];
  for (const [index, step] of plan.steps.entries()) {
    runs.push({ path: [...STEPS, index], spec: step.kind === 'analysis' ? step.spec : undefined });
  }
  for (const { path, spec } of runs) {
    const problem = spec?.problem ?? spec?.cannotBeMade;
    if (problem !== undefined) {
      refuse(path, `the AnalysisRun measures nothing: ${problem}`);
    }
  }
  if (plan.isPaused) {
    refuse(['spec', 'paused'], 'must not be true: a paused Rollout goes nowhere');
  }
  if (plan.replicas === 0) {
    refuse(['spec', 'replicas'], 'must be greater than 0: without pods nothing is released');
  }
  if (plan.steps.length === 0) {
    refuse([...CANARY, 'steps'], 'must not be empty: without steps a release meets no gate');
  }
  if (plan.analysis === undefined && !plan.steps.some(({ kind }) => kind === 'analysis')) {
    refuse(CANARY, '`analysis` must be set: without a gate there is nothing to measure');
  }
  if (metrics.every(({ query }) => query === undefined)) {
    refuse(CANARY, `no metric asks Prometheus: nothing here can measure ${unmeasured(workload).join(' and ')}`);
  }
}
