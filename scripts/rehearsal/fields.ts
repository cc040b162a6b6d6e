/**
 * How a rehearsal treats a field that a manifest sets. A type name: the field is played, and must have that type, as the
 * API server demands. `harmless`: why nothing here depends on the field. `refused`: the error message, with what can be
 * played instead.
 */
export type Treatment =
  | 'text'
  | 'integer'
  | 'boolean'
  | 'integer or text'
  /** Of any type, with any content. */
  | 'whole'
  | { readonly harmless: string }
  | { readonly refused: string };

/** Treatment by path, where `[]` is any item of a list. It applies to everything below the path. */
export type Fields = Readonly<Record<string, Treatment>>;

const KEPT = { harmless: 'how many objects of the past are kept' };
const ROUTER = { harmless: 'where the router keeps its routes' };

/** The same fields with `prefix` and a dot before every path. */
export function under(prefix: string, fields: Fields): Fields {
  return Object.fromEntries(Object.entries(fields).map(([path, treatment]) => [`${prefix}.${path}`, treatment]));
}

/** Fields that are treated alike. */
function all(treatment: Treatment, ...paths: readonly string[]): Fields {
  return Object.fromEntries(paths.map((path) => [path, treatment]));
}

const OBJECT: Fields = { ...all('text', 'apiVersion', 'kind'), metadata: 'whole' };

const RULES: Fields = {
  ...all('text', 'dryRun[].metricName', 'measurementRetention[].metricName', 'templates[].templateName'),
  'measurementRetention[].limit': KEPT,
  'templates[].clusterScope': 'boolean',
};

const ANALYSIS: Fields = {
  ...RULES,
  ...under('args[]', all('text', 'name', 'value', 'valueFrom.podTemplateHashValue', 'valueFrom.fieldRef.fieldPath')),
  analysisRunMetadata: { harmless: 'labels and annotations of the AnalysisRun, which nothing here selects' },
};

const ROUTERS = ['istio', 'nginx', 'alb', 'smi', 'ambassador', 'appMesh', 'traefik', 'apisix', 'plugins'];

const CANARY: Fields = {
  ...under('analysis', { ...ANALYSIS, startingStep: 'integer' }),
  ...under('steps[]', {
    ...all('integer', 'setWeight', 'setCanaryScale.replicas', 'setCanaryScale.weight'),
    'setCanaryScale.matchTrafficWeight': 'boolean',
    'pause.duration': 'integer or text',
    ...under('analysis', ANALYSIS),
    experiment: { refused: "a step 'experiment' is not played here: its analyses are as a step `analysis`" },
    plugin: { refused: "a step 'plugin' is not played here: leave it out, or write `pause` with its time" },
    ...all('whole', 'setHeaderRoute', 'setMirrorRoute'),
  }),
  ...all('integer or text', 'maxSurge', 'maxUnavailable'),
  ...all('text', 'canaryService', 'stableService', 'pingPong.pingService', 'pingPong.pongService'),
  ...all('whole', 'canaryMetadata.labels', 'stableMetadata.labels'),
  ...all({ harmless: 'no series carries them' }, 'canaryMetadata.annotations', 'stableMetadata.annotations'),
  antiAffinity: { harmless: 'where pods are scheduled: here each finds a node' },
  ...all('integer', 'abortScaleDownDelaySeconds', 'minPodsPerReplicaSet', 'scaleDownDelayRevisionLimit'),
  ...all('integer', 'scaleDownDelaySeconds', 'trafficRouting.maxTrafficWeight', 'replicaProgressThreshold.value'),
  dynamicStableScale: 'boolean',
  ...under('trafficRouting', all(ROUTER, ...ROUTERS, 'managedRoutes')),
  'replicaProgressThreshold.type': 'text',
};

export const ROLLOUT_FIELDS: Fields = {
  ...OBJECT,
  status: { harmless: 'the controller writes it' },
  ...under('spec', {
    ...all('integer', 'replicas', 'minReadySeconds', 'progressDeadlineSeconds', 'rollbackWindow.revisions'),
    ...all('boolean', 'progressDeadlineAbort', 'paused'),
    ...all('whole', 'selector', 'template'),
    ...all(KEPT, 'analysis', 'revisionHistoryLimit'),
    restartAt: { refused: 'a restart of all pods at a time to come is not played here: leave it out' },
    ...under('workloadRef', all('text', 'apiVersion', 'kind', 'name', 'scaleDown')),
    'strategy.blueGreen': {
      refused:
        'a blue-green strategy is not played here: its pre-promotion analysis is, as a step `analysis` of a canary',
    },
    ...under('strategy.canary', CANARY),
  }),
};

const CREDENTIALS = { harmless: 'whoever answers here asks for no credentials' };
/** A rehearsal cannot query these; the scenario's `measures` gives their measurements. */
const OTHER_PROVIDERS = [
  'cloudWatch',
  'datadog',
  'graphite',
  'influxdb',
  'job',
  'kayenta',
  'newRelic',
  'plugin',
].concat(['skywalking', 'wavefront', 'web']);

/** The fields of one metric, after its arguments are filled in. */
export const METRIC_FIELDS: Fields = {
  ...all('text', 'name', 'interval', 'initialDelay', 'successCondition', 'failureCondition'),
  ...all('integer or text', 'count', 'failureLimit', 'inconclusiveLimit'),
  ...all('integer or text', 'consecutiveErrorLimit', 'consecutiveSuccessLimit'),
  ...under('provider.prometheus', {
    ...all('text', 'address', 'query', 'rangeQuery.start', 'rangeQuery.end', 'rangeQuery.step'),
    timeout: 'integer',
    ...all(CREDENTIALS, 'authentication', 'headers'),
    insecure: { harmless: 'nothing here has a certificate' },
  }),
  ...under('provider', all('whole', ...OTHER_PROVIDERS)),
};

/** The fields of an AnalysisTemplate and ClusterAnalysisTemplate; each of its metrics is checked with `METRIC_FIELDS`. */
export const TEMPLATE_FIELDS: Fields = {
  ...OBJECT,
  ...under('spec', {
    ...RULES,
    ...all('text', 'args[].name', 'args[].value'),
    ...all('whole', 'args[].valueFrom', 'metrics'),
  }),
};
