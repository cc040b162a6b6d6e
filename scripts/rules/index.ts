import { analysisBackgroundCount } from './analysis/background-count.ts';
import { analysisDuplicateArgument } from './analysis/duplicate-argument.ts';
import { analysisInitialDelay } from './analysis/initial-delay.ts';
import { analysisMetricSpec } from './analysis/metric-spec.ts';
import { analysisNoTemplates } from './analysis/no-templates.ts';
import { analysisPrometheusAddress } from './analysis/prometheus-address.ts';
import { analysisReadsFit } from './analysis/reads-fit.ts';
import { analysisSingleRead } from './analysis/single-read.ts';
import { analysisStartingStep } from './analysis/starting-step.ts';
import { analysisUnknownArgument } from './analysis/unknown-argument.ts';
import { canaryDeploymentPods } from './canary/deployment-pods.ts';
import { canaryEffectiveWeight } from './canary/effective-weight.ts';
import { canaryMaxUnavailable } from './canary/max-unavailable.ts';
import { canaryNoPods } from './canary/no-pods.ts';
import { canaryRouterWaits } from './canary/router-waits.ts';
import { canaryScaleDownDelay } from './canary/scale-down-delay.ts';
import { canaryUngated } from './canary/ungated.ts';
import { canaryWeightAscending } from './canary/weight-ascending.ts';
import { conditionBreakEven } from './condition/break-even.ts';
import { conditionEmptyPasses } from './condition/empty-passes.ts';
import { conditionInvalid } from './condition/invalid.ts';
import { conditionResultIsAList } from './condition/result-is-a-list.ts';
import { conditionSinceV110 } from './condition/since-v1-10.ts';
import { gateAlwaysAborts } from './gate/always-aborts.ts';
import { gateNeverAborts } from './gate/never-aborts.ts';
import { liveLabel } from './live/label.ts';
import { liveMetric } from './live/metric.ts';
import { liveProbe } from './live/probe.ts';
import { liveReservedLabel } from './live/reserved-label.ts';
import { liveScrape } from './live/scrape.ts';
import { liveType } from './live/type.ts';
import { liveValue } from './live/value.ts';
import { monitorMissing } from './monitor/missing.ts';
import { monitorReleaseLabel } from './monitor/release-label.ts';
import { monitorScrapedTwice } from './monitor/scraped-twice.ts';
import { monitorSelectsNothing } from './monitor/selects-nothing.ts';
import { pdbAllPods } from './pdb/all-pods.ts';
import { pdbPercentage } from './pdb/percentage.ts';
import { pdbUnhealthyPods } from './pdb/unhealthy-pods.ts';
import { podImage } from './pod/image.ts';
import { podNpm } from './pod/npm.ts';
import { podRestricted } from './pod/restricted.ts';
import { podToken } from './pod/token.ts';
import { probeBackendId } from './probe/backend-id.ts';
import { probeBackendTimeout } from './probe/backend-timeout.ts';
import { probeLivenessIsReadiness } from './probe/liveness-is-readiness.ts';
import { probeMissing } from './probe/missing.ts';
import { probePort } from './probe/port.ts';
import { probeStrictReadiness } from './probe/strict-readiness.ts';
import { queryAbsoluteCount } from './query/absolute-count.ts';
import { queryClampMin } from './query/clamp-min.ts';
import { queryClientErrors } from './query/client-errors.ts';
import { queryDiluted } from './query/diluted.ts';
import { queryErrorsOverAll } from './query/errors-over-all.ts';
import { queryEventloopLag } from './query/eventloop-lag.ts';
import { queryIdleNan } from './query/idle-nan.ts';
import { queryOneError } from './query/one-error.ts';
import { queryPodLabel } from './query/pod-label.ts';
import { querySyntax } from './query/syntax.ts';
import { queryWindow } from './query/window.ts';
import { repositoryNamespace } from './repository/namespace.ts';
import { repositoryOrigin } from './repository/origin.ts';
import { rolloutConfigMap } from './rollout/config-map.ts';
import { rolloutConfigMapPrune } from './rollout/config-map-prune.ts';
import { rolloutGracePeriod } from './rollout/grace-period.ts';
import { rolloutHpaReplicas } from './rollout/hpa-replicas.ts';
import { rolloutMinReadySeconds } from './rollout/min-ready-seconds.ts';
import { rolloutPodTemplate } from './rollout/pod-template.ts';
import { rolloutProgressDeadlineAbort } from './rollout/progress-deadline-abort.ts';
import { rolloutReferences } from './rollout/references.ts';
import { rolloutSpec } from './rollout/spec.ts';
import { rolloutStrategy } from './rollout/strategy.ts';
import { rolloutSyncWave } from './rollout/sync-wave.ts';
import { rolloutUnknownHost } from './rollout/unknown-host.ts';
import type { Rule } from './rule.ts';
import { schemaType } from './schema/type.ts';
import { schemaUnknownField } from './schema/unknown-field.ts';
import { secretInline } from './secret/inline.ts';
import { secretUnversioned } from './secret/unversioned.ts';
import { serviceSelectsNothing } from './service/selects-nothing.ts';

/** Every rule that runs, by what a finding costs, the worst first. Findings of one severity are reported in this order. */
export const RULES: readonly Rule[] = [
  schemaType,
  schemaUnknownField,
  rolloutSpec,
  rolloutStrategy,
  rolloutPodTemplate,
  rolloutReferences,
  analysisMetricSpec,
  canaryUngated,
  gateNeverAborts,
  gateAlwaysAborts,
  analysisUnknownArgument,
  analysisDuplicateArgument,
  analysisNoTemplates,
  analysisStartingStep,
  analysisSingleRead,
  analysisReadsFit,
  querySyntax,
  conditionInvalid,
  conditionResultIsAList,
  queryErrorsOverAll,
  queryPodLabel,
  monitorSelectsNothing,
  monitorMissing,
  monitorReleaseLabel,
  repositoryNamespace,
  serviceSelectsNothing,
  probePort,
  liveScrape,
  liveMetric,
  liveLabel,
  liveValue,
  liveType,
  liveReservedLabel,
  liveProbe,
  queryDiluted,
  conditionEmptyPasses,
  conditionBreakEven,
  conditionSinceV110,
  queryAbsoluteCount,
  analysisBackgroundCount,
  queryWindow,
  queryIdleNan,
  queryOneError,
  queryClientErrors,
  queryClampMin,
  queryEventloopLag,
  analysisInitialDelay,
  analysisPrometheusAddress,
  monitorScrapedTwice,
  canaryNoPods,
  canaryRouterWaits,
  canaryScaleDownDelay,
  canaryDeploymentPods,
  canaryEffectiveWeight,
  canaryWeightAscending,
  canaryMaxUnavailable,
  rolloutGracePeriod,
  rolloutUnknownHost,
  podNpm,
  pdbAllPods,
  rolloutConfigMap,
  rolloutConfigMapPrune,
  rolloutHpaReplicas,
  rolloutSyncWave,
  probeLivenessIsReadiness,
  probeBackendId,
  probeBackendTimeout,
  probeStrictReadiness,
  secretInline,
  repositoryOrigin,
  probeMissing,
  rolloutProgressDeadlineAbort,
  rolloutMinReadySeconds,
  podImage,
  secretUnversioned,
  pdbPercentage,
  pdbUnhealthyPods,
  podRestricted,
  podToken,
];
