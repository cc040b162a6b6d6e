import type { Scenario } from '../scenario.ts';
import type { Workload } from '../workload.ts';
import type { LocalOptions, LocalOutcome } from './options.ts';
import { BusyMachineError, playLocal } from './world.ts';

const MOST_TRIES = 4;

/** What a rehearsal came to, and how fast its clock ran in the end. */
export interface Played {
  readonly outcome: LocalOutcome;
  readonly speed: number;
}

/**
 * Plays a scenario as fast as `options.speed`, and on a machine that is too busy for that at half the speed, at a quarter,
 * at an eighth. `onSlower` hears of it. What the last try comes to stands, with `isStrained` where it was too fast as well.
 */
export async function playSteadily(
  workload: Workload,
  scenario: Scenario,
  options: Omit<LocalOptions, 'endsWhenBusy'>,
  onSlower: (speed: number) => void,
): Promise<Played> {
  let { speed } = options;
  for (let tries = 1; ; tries += 1) {
    const endsWhenBusy = tries < MOST_TRIES && speed > 1;
    try {
      return { outcome: await playLocal(workload, scenario, { ...options, speed, endsWhenBusy }), speed };
    } catch (error) {
      if (!(error instanceof BusyMachineError)) {
        throw error;
      }
      speed = Math.max(1, speed / 2);
      onSlower(speed);
    }
  }
}
