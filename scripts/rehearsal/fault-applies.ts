import { listAt, textAt } from '../manifest/json.ts';
import { isOurApi } from '../workload/app.ts';
import { createObjects } from '../workload/objects.ts';
import { envValue } from '../workload/rollout.ts';
import { backendsOf } from './backends.ts';
import { hasOutage } from './outages.ts';
import { place } from './place.ts';
import { NO_FAULTS, type Scenario } from './scenario.ts';
import type { Workload } from './workload.ts';

/** How a scenario is about to be played. */
export interface Circumstances {
  readonly world: 'local' | 'model' | 'cluster';
  /** Whether the pods' process is this repository's API, whatever the manifests say. */
  readonly runsOurApi: boolean;
  /** Whether the user named the variables that cause the fault: with `--fault`, or in a scenario file of their own. */
  readonly isSwitchNamed: boolean;
}

/** Why the scenario's fault cannot occur, found before anything is started; undefined where it can. */
export function whyNotApplicable(
  scenario: Scenario,
  workload: Workload,
  { world, runsOurApi, isSwitchNamed }: Circumstances,
): string | undefined {
  const set = `it sets ${settingsText(scenario)} for a release that is ${scenario.expect.verdict}`;
  if (world === 'model' && !saysFaults(scenario)) {
    return `${set}, and --world model starts no process that reads it: say under \`faults\` what the variable does`;
  }
  if (world !== 'model' && hasOutage(scenario, 'backend') && backendsOf(workload).length === 0) {
    return 'it takes the backend away, and no variable of the container has the address of a Service of this folder';
  }
  if (isSwitchNamed || runsOurApi || isOurApi(workload.container.container)) {
    return undefined;
  }
  const container = `the container (${place(workload.container.manifest, workload.container.path)})`;
  // The model world simulates faults in any app, so only an address of another backend needs a variable of the container.
  const settings = Object.entries(settingsOf(scenario)).filter(([, value]) => world !== 'model' || URL.canParse(value));
  if (settings.some(([name]) => !mayRead(workload, name))) {
    return `${set}, and ${container} has no such variable: nothing would change`;
  }
  return settings.some(([name, value]) => isOtherProtocol(value, envValue(workload.container.container, name)))
    ? `${set}, and ${container} has an address of another protocol there`
    : undefined;
}

/** The environment variables that a scenario sets, for either version. */
export function settingsOf({ env, stableEnv }: Scenario): Readonly<Record<string, string>> {
  return { ...env, ...stableEnv };
}

/** The scenario's variables as text: `BAD=1, DELAY=2`. */
export function settingsText(scenario: Scenario): string {
  return Object.entries(settingsOf(scenario))
    .map((setting) => setting.join('='))
    .join(', ');
}

/** Whether the scenario describes its fault for the model world too. False where it only sets variables and expects a failure. */
export function saysFaults(scenario: Scenario): boolean {
  const { canary, stable, outages, patches, measures, expect } = scenario;
  const isPlain = [canary, stable].every((faults) => JSON.stringify(faults) === JSON.stringify(NO_FAULTS));
  const meansFault = Object.keys(settingsOf(scenario)).length > 0 && /aborted|stuck/.test(expect.verdict);
  const changes = outages.length + patches.length + Object.keys(measures).length;
  return !(isPlain && meansFault && changes === 0);
}

/** Whether the container has a variable of that name, or may get it through `envFrom` from an object outside the folder. */
function mayRead({ manifests, container: { manifest, container } }: Workload, name: string): boolean {
  const objects = createObjects(manifests);
  return (
    listAt(container, ['env']).some((variable) => textAt(variable, ['name']) === name) ||
    listAt(container, ['envFrom']).some(
      (source) => objects.find(manifest, 'ConfigMap', textAt(source, ['configMapRef', 'name']) ?? '') === undefined,
    )
  );
}

function isOtherProtocol(value: string, written: string | undefined): boolean {
  const [set, own] = [URL.parse(value), URL.parse(written ?? '')];
  return set !== null && own !== null && set.protocol !== own.protocol;
}
