import type { Reading } from '../release.ts';
import type { Scenario } from '../scenario.ts';
import { type Company, type Ending, playCourse, type Read, type Spread } from './course.ts';
import type { Model } from './model.ts';

/** What happens until the next read, and which one that is; at the last, how the release ends. */
interface Stretch {
  /** What the reads before it answered. */
  readonly before: readonly Reading[];
  /** In order; a number is when the new version is wanted. */
  readonly happenings: (Spread | number)[];
  read: Read | undefined;
  ending: Ending | undefined;
  /** By what the read answers. */
  readonly next: Map<string, Stretch>;
}

/** Releases of a workload, each course of which is played once: a release takes one that was played whenever its reads answer the same. */
export interface Courses {
  readonly play: (company: Omit<Company, 'second'>) => Ending;
}

/** More than the ways that a usual gate can go; beyond them all are forgotten. */
const MOST_STRETCHES = 20_000;
/** Where a course is not known yet: reads go well, until one does not. */
const GOOD: Reading = { phase: 'Successful' };

const known = new WeakMap<Model, Map<string, Courses>>();

/** The courses of all scenarios that differ in nothing but their users and how requests end: these only decide what the reads answer. */
export function coursesOf(model: Model, scenario: Scenario, warmUpSeconds: number): Courses {
  const ofModel = known.get(model) ?? new Map<string, Courses>();
  known.set(model, ofModel);
  const key = keyOfScenario(scenario, warmUpSeconds);
  const courses = ofModel.get(key) ?? createCourses(model, scenario, warmUpSeconds);
  ofModel.set(key, courses);
  return courses;
}

function createCourses({ workload }: Model, scenario: Scenario, warmUpSeconds: number): Courses {
  let count = 0;
  let root: Stretch = stretchAfter([]);

  function stretchAfter(before: readonly Reading[]): Stretch {
    count += 1;
    return { before, happenings: [], read: undefined, ending: undefined, next: new Map() };
  }

  /** Plays the release once more, as far as `last` and on from there. */
  function explore(last: Stretch): void {
    let stretch = root;
    let depth = 0;
    const isNew = (one: Stretch) => one.read === undefined && one.ending === undefined;
    const note = (happening: Spread | number) => {
      if (isNew(stretch)) {
        stretch.happenings.push(happening);
      }
    };
    const ending = playCourse(workload, scenario, warmUpSeconds, {
      second: undefined,
      meet: note,
      begin: note,
      read(read) {
        stretch.read ??= read;
        const reading = last.before[depth] ?? GOOD;
        depth += 1;
        stretch = follow(stretch, reading);
        return reading;
      },
    });
    stretch.ending ??= ending;
  }

  function follow(stretch: Stretch, reading: Reading): Stretch {
    const key = keyOf(reading);
    const found = stretch.next.get(key) ?? stretchAfter([...stretch.before, reading]);
    stretch.next.set(key, found);
    return found;
  }

  return {
    play(company) {
      if (count > MOST_STRETCHES) {
        count = 0;
        root = stretchAfter([]);
      }
      let stretch = root;
      for (;;) {
        if (stretch.read === undefined && stretch.ending === undefined) {
          explore(stretch);
        }
        for (const happening of stretch.happenings) {
          if (typeof happening === 'number') {
            company.begin(happening);
          } else {
            company.meet(happening);
          }
        }
        if (stretch.read === undefined) {
          return stretch.ending as Ending;
        }
        const reading = company.read(stretch.read);
        stretch = stretch.next.get(keyOf(reading)) ?? follow(stretch, reading);
      }
    },
  };
}

/** All that the controller goes by: a value is only for people. */
function keyOf({ phase, message }: Reading): string {
  return message === undefined ? phase : `${phase} ${message}`;
}

function keyOfScenario({ outages, canary, stable, requestsPerSecond }: Scenario, warmUpSeconds: number): string {
  const pods = [canary, stable].map(({ neverReady, crashesAtStart, crashesAfterRequests }) => [
    neverReady || crashesAtStart,
    // When a pod dies depends on how often it is asked.
    crashesAfterRequests === undefined ? undefined : [crashesAfterRequests, requestsPerSecond],
  ]);
  return JSON.stringify([outages, pods, warmUpSeconds]);
}
