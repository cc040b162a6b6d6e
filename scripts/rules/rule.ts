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

/** What a rule says of one place. */
export interface Problem {
  readonly manifest: Manifest;
  /** From the object's own start; a missing field is named, and points at its nearest existing parent. */
  readonly path: Path;
  /** Default `value`. */
  readonly pointAt?: PointAt;
  /** `<field> must …`, without a full stop. */
  readonly message: string;
  /** Where this place's reason or remedy is more particular than its rule's. Sentences. */
  readonly why?: string;
  readonly fix?: string;
  /** Where it differs here from the rule's own. */
  readonly severity?: Severity;
}

export interface Rule {
  /** `group/name`, kebab-case; the file's name. */
  readonly id: string;
  readonly severity: Severity;
  /** What happens otherwise. A sentence. */
  readonly why: string;
  /** What to write instead. A sentence. */
  readonly fix: string;
  readonly check: (workspace: Workspace) => Iterable<Problem>;
}
