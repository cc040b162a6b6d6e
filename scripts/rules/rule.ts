import type { Path } from '../manifest/json.ts';
import type { PointAt } from '../manifest/locate.ts';
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

export interface Rule {
  /** `group/name`, kebab-case; the file's name. */
  readonly id: string;
  readonly severity: Severity;
  /** What goes wrong where the rule finds something. A sentence. */
  readonly why: string;
  /** What to write instead. A sentence. */
  readonly fix: string;
  readonly check: (workspace: Workspace) => Iterable<Problem>;
}
