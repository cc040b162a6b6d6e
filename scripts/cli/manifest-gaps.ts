import { listAt, textAt } from '../manifest/json.ts';
import type { Manifest } from '../manifest/manifest.ts';
import { type Assumptions, USUAL } from '../rehearsal/model/assumptions.ts';
import type { ClusterFacts } from '../rehearsal/read-run.ts';
import { UsageError } from './command.ts';
import { assignment, list, oneOf, option, seconds, text, type ValuesOf } from './options.ts';

/** What the command line adds to the manifests: facts of the cluster, and the assumptions of the model world. */
export interface Given {
  readonly facts: ClusterFacts;
  readonly assumptions: Assumptions;
}

export const GIVEN_OPTIONS = {
  arg: list(
    'NAME=VALUE',
    "the value of an analysis' argument that the manifests do not hold, such as a Secret's; may be given again",
    assignment,
  ),
  'prometheus-address': option(
    'URL',
    "the controller's ARGO_ROLLOUTS_PROMETHEUS_ADDRESS, for metrics without an address of their own",
    text,
    '',
  ),
  'scrape-interval': option(
    'SECONDS',
    'between two scrapes, where no monitor is among the manifests',
    seconds(1, 3600),
    String(USUAL.scrapeSeconds),
  ),
  series: option(
    'WHEN',
    "from-start: the app exposes its series at 0 from its start; on-answer: each with the first answer of its kind. Default on-answer, but for this repository's API",
    oneOf('from-start', 'on-answer'),
  ),
  'promote-after': option(
    'SECONDS',
    'how long a pause without duration waits for a person who promotes',
    seconds(0, 3600),
    String(USUAL.promoteAfterSeconds),
  ),
};

export function readGiven(values: ValuesOf<typeof GIVEN_OPTIONS>): Given {
  return {
    facts: { args: new Map(values.arg), prometheusAddress: values['prometheus-address'] },
    assumptions: {
      scrapeSeconds: values['scrape-interval'],
      isBornComplete: values.series === undefined ? undefined : values.series === 'from-start',
      promoteAfterSeconds: values['promote-after'],
    },
  };
}

/** Throws UsageError for an `--arg` that no template among the manifests declares. */
export function checkFacts({ args }: ClusterFacts, manifests: readonly Manifest[]): void {
  const declared = manifests
    .filter(({ kind }) => kind.endsWith('AnalysisTemplate'))
    .flatMap(({ object }) => listAt(object, ['spec', 'args']).map((argument) => textAt(argument, ['name'])));
  const unknown = [...args.keys()].find((name) => !declared.includes(name));
  if (unknown !== undefined) {
    throw new UsageError(`--arg ${unknown}: no template has an argument of that name`);
  }
}
