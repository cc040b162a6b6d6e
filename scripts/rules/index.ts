import { metricSpec } from './analysis/metric-spec.ts';
import { readsFit } from './analysis/reads-fit.ts';
import * as schedule from './analysis/schedule.ts';
import * as templates from './analysis/templates.ts';
import * as strategy from './canary/strategy.ts';
import * as weights from './canary/weights.ts';
import * as conditions from './condition/conditions.ts';
import * as gate from './gate/aborts.ts';
import * as endpoints from './live/endpoints.ts';
import * as queries from './live/queries.ts';
import * as monitors from './monitor/monitors.ts';
import * as budgets from './pdb/budgets.ts';
import * as pods from './pod/pods.ts';
import { restricted } from './pod/restricted.ts';
import * as backend from './probe/backend.ts';
import * as probes from './probe/probes.ts';
import { queryDiluted } from './query/diluted.ts';
import * as queryReads from './query/reads.ts';
import * as queryText from './query/text.ts';
import { queryWindow } from './query/window.ts';
import { repositoryNamespace } from './repository/namespace.ts';
import { repositoryOrigin } from './repository/origin.ts';
import * as configuration from './rollout/configuration.ts';
import * as rolloutFields from './rollout/fields.ts';
import * as invalidSpec from './rollout/invalid-spec.ts';
import { unknownHost } from './rollout/unknown-host.ts';
import type { Rule } from './rule.ts';
import { schemaType } from './schema/type.ts';
import { unknownField } from './schema/unknown-field.ts';
import * as secrets from './secret/secrets.ts';
import { serviceSelectsNothing } from './service/selects-nothing.ts';

/** Every rule that runs, by what a finding costs, the worst first. Findings of one severity are reported in this order. */
export const RULES: readonly Rule[] = [
  schemaType,
  unknownField,
  invalidSpec.spec,
  invalidSpec.strategy,
  invalidSpec.podTemplate,
  invalidSpec.references,
  metricSpec,
  strategy.ungated,
  gate.neverAborts,
  gate.alwaysAborts,
  templates.unknownArgument,
  templates.duplicateArgument,
  templates.noTemplates,
  schedule.startingStep,
  schedule.singleRead,
  readsFit,
  queryText.syntax,
  conditions.invalid,
  conditions.resultIsAList,
  queryReads.errorsOverAll,
  queryText.podLabel,
  monitors.selectsNothing,
  monitors.missing,
  monitors.releaseLabel,
  repositoryNamespace,
  serviceSelectsNothing,
  probes.port,
  endpoints.liveScrape,
  queries.liveMetric,
  queries.liveLabel,
  queries.liveValue,
  queries.liveType,
  endpoints.liveReservedLabel,
  endpoints.liveProbe,
  queryDiluted,
  conditions.emptyPasses,
  conditions.belowBreakEven,
  conditions.sinceV110,
  queryReads.absoluteCount,
  schedule.backgroundCount,
  queryWindow,
  queryReads.idleNan,
  queryReads.oneError,
  queryReads.clientErrors,
  queryText.clampMin,
  queryText.eventloopLag,
  schedule.initialDelay,
  templates.prometheusAddress,
  monitors.scrapedTwice,
  weights.noPods,
  strategy.routerWaits,
  strategy.scaleDownDelay,
  strategy.deploymentPods,
  weights.effectiveWeights,
  weights.weightAscending,
  strategy.maxUnavailable,
  rolloutFields.gracePeriod,
  unknownHost,
  pods.npm,
  budgets.allPods,
  configuration.configMap,
  configuration.configMapPrune,
  rolloutFields.hpaReplicas,
  rolloutFields.syncWave,
  probes.livenessIsReadiness,
  backend.backendId,
  backend.backendTimeout,
  backend.strictReadiness,
  secrets.inline,
  repositoryOrigin,
  probes.missing,
  rolloutFields.progressDeadlineAbort,
  rolloutFields.minReadySeconds,
  pods.image,
  secrets.unversioned,
  budgets.percentage,
  budgets.unhealthyPods,
  restricted,
  pods.token,
];
