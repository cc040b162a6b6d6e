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

const OBJECT: Fields = { apiVersion: 'text', kind: 'text', metadata: 'whole' };

const RULES: Fields = {
  'dryRun[].metricName': 'text',
  'measurementRetention[].metricName': 'text',
  'measurementRetention[].limit': KEPT,
  'templates[].templateName': 'text',
  'templates[].clusterScope': 'boolean',
};

const ANALYSIS: Fields = {
  ...RULES,
  'args[].name': 'text',
  'args[].value': 'text',
  'args[].valueFrom.podTemplateHashValue': 'text',
  'args[].valueFrom.fieldRef.fieldPath': 'text',
  analysisRunMetadata: { harmless: 'labels and annotations of the AnalysisRun, which nothing here selects' },
};

const ROUTERS = ['istio', 'nginx', 'alb', 'smi', 'ambassador', 'appMesh', 'traefik', 'apisix', 'plugins'];

const CANARY: Fields = {
  ...under('analysis', { ...ANALYSIS, startingStep: 'integer' }),
  ...under('steps[]', {
    setWeight: 'integer',
    'pause.duration': 'integer or text',
    ...under('analysis', ANALYSIS),
    experiment: { refused: "a step 'experiment' is not played here: its analyses are as a step `analysis`" },
    plugin: { refused: "a step 'plugin' is not played here: leave it out, or write `pause` with its time" },
    'setCanaryScale.replicas': 'integer',
    'setCanaryScale.weight': 'integer',
    'setCanaryScale.matchTrafficWeight': 'boolean',
    setHeaderRoute: 'whole',
    setMirrorRoute: 'whole',
  }),
  maxSurge: 'integer or text',
  maxUnavailable: 'integer or text',
  canaryService: 'text',
  stableService: 'text',
  'canaryMetadata.labels': 'whole',
  'stableMetadata.labels': 'whole',
  'canaryMetadata.annotations': { harmless: 'no series carries them' },
  'stableMetadata.annotations': { harmless: 'no series carries them' },
  antiAffinity: { harmless: 'where pods are scheduled: here each finds a node' },
  abortScaleDownDelaySeconds: 'integer',
  minPodsPerReplicaSet: 'integer',
  scaleDownDelayRevisionLimit: 'integer',
  scaleDownDelaySeconds: 'integer',
  dynamicStableScale: 'boolean',
  'trafficRouting.maxTrafficWeight': 'integer',
  ...under('trafficRouting', Object.fromEntries([...ROUTERS, 'managedRoutes'].map((name) => [name, ROUTER] as const))),
  'pingPong.pingService': 'text',
  'pingPong.pongService': 'text',
  'replicaProgressThreshold.type': 'text',
  'replicaProgressThreshold.value': 'integer',
};

export const ROLLOUT_FIELDS: Fields = {
  ...OBJECT,
  status: { harmless: 'the controller writes it' },
  ...under('spec', {
    replicas: 'integer',
    minReadySeconds: 'integer',
    progressDeadlineSeconds: 'integer',
    progressDeadlineAbort: 'boolean',
    paused: 'boolean',
    'rollbackWindow.revisions': 'integer',
    selector: 'whole',
    template: 'whole',
    analysis: KEPT,
    revisionHistoryLimit: KEPT,
    restartAt: { refused: 'a restart of all pods at a time to come is not played here: leave it out' },
    ...under('workloadRef', { apiVersion: 'text', kind: 'text', name: 'text', scaleDown: 'text' }),
    'strategy.blueGreen': {
      refused:
        'a blue-green strategy is not played here: its pre-promotion analysis is, as a step `analysis` of a canary',
    },
    ...under('strategy.canary', CANARY),
  }),
};

const CREDENTIALS = { harmless: 'whoever answers here asks for no credentials' };
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
  name: 'text',
  interval: 'text',
  initialDelay: 'text',
  count: 'integer or text',
  failureLimit: 'integer or text',
  inconclusiveLimit: 'integer or text',
  consecutiveErrorLimit: 'integer or text',
  consecutiveSuccessLimit: 'integer or text',
  successCondition: 'text',
  failureCondition: 'text',
  'provider.prometheus.address': 'text',
  'provider.prometheus.query': 'text',
  'provider.prometheus.timeout': 'integer',
  'provider.prometheus.authentication': CREDENTIALS,
  'provider.prometheus.headers': CREDENTIALS,
  'provider.prometheus.insecure': { harmless: 'nothing here has a certificate' },
  ...under('provider.prometheus.rangeQuery', { start: 'text', end: 'text', step: 'text' }),
  // A rehearsal cannot query these providers; the scenario's `measures` gives their measurements.
  ...Object.fromEntries(OTHER_PROVIDERS.map((name) => [`provider.${name}`, 'whole'] as const)),
};

/** The fields of an AnalysisTemplate and ClusterAnalysisTemplate; each of its metrics is checked with `METRIC_FIELDS`. */
export const TEMPLATE_FIELDS: Fields = {
  ...OBJECT,
  ...under('spec', {
    ...RULES,
    'args[].name': 'text',
    'args[].value': 'text',
    'args[].valueFrom': 'whole',
    metrics: 'whole',
  }),
};
