import type { Path } from '../manifest/json.ts';
import type { PointAt, Region } from '../manifest/locate.ts';
import type { Manifest } from '../manifest/manifest.ts';
import type { Workspace } from './workspace.ts';

/**
 * What a finding means for a release. `error`: it goes wrong (the gate never or always aborts, the controller refuses the Rollout, a
 * query matches nothing). `warning`: it can go wrong. `info`: hygiene that other linters check too; shown on request, fails nothing.
 */
export type Severity = (typeof SEVERITIES)[number];

/** Worst first. */
export const SEVERITIES = ['error', 'warning', 'info'] as const;

/** What a rule reports about one place in a manifest. */
export interface Problem {
  readonly manifest: Manifest;
  /** From the root of the object. It may name a missing field; the finding then points at the nearest existing parent. */
  readonly path: Path;
  /** Default `value`. */
  readonly pointAt?: PointAt;
  /** `<field> must …`, without a full stop. */
  readonly message: string;
  /** Replace the rule's `why` and `fix` for this place. Sentences. */
  readonly why?: string;
  readonly fix?: string;
  /** Replaces the rule's severity for this place. */
  readonly severity?: Severity;
}

/** A problem as it is printed: with its place in a file and its rule. */
export interface Finding extends Region {
  readonly file: string;
  readonly severity: Severity;
  /** The rule's id. */
  readonly rule: string;
  /** `spec.strategy.canary.steps[0].setWeight`. */
  readonly field: string;
  readonly message: string;
  readonly why: string;
  readonly fix: string;
}

export interface Rule {
  /** `group/name`, kebab-case. The group is the rule's folder. */
  readonly id: string;
  readonly severity: Severity;
  /** What goes wrong where the rule finds something. A sentence. */
  readonly why: string;
  /** What to write instead. A sentence. */
  readonly fix: string;
  readonly check: (workspace: Workspace) => Iterable<Problem>;
}

/** What a check looks at: an object, or the part of it at `path`. */
interface Subject {
  readonly manifest: Manifest;
  /** Default: the whole object. */
  readonly path?: Path;
}

/** A problem of a subject. Its path starts at the subject; with a manifest of its own, at that object's root. */
type SubjectProblem = Omit<Problem, 'manifest' | 'path'> & Partial<Pick<Problem, 'manifest' | 'path'>>;

/** A check that looks at one subject after the other. */
export function each<S extends Subject>(
  subjects: (workspace: Workspace) => Iterable<S>,
  check: (subject: S, workspace: Workspace) => Iterable<SubjectProblem>,
): Rule['check'] {
  return function* (workspace) {
    for (const subject of subjects(workspace)) {
      for (const problem of check(subject, workspace)) {
        const start = problem.manifest === undefined ? (subject.path ?? []) : [];
        yield { manifest: subject.manifest, ...problem, path: [...start, ...(problem.path ?? [])] };
      }
    }
  };
}
