import {
  ApiException,
  AuthorizationV1Api,
  CoreV1Api,
  CustomObjectsApi,
  type KubeConfig,
  KubernetesObjectApi,
  ListWatch,
  PatchStrategy,
  VersionApi,
  Watch,
} from '@kubernetes/client-node';
import { type Json, type JsonMap, mapAt, textAt } from '../../manifest/json.ts';
import { RehearsalError } from '../errors.ts';

/** Who wrote what, in the objects' managed fields. */
const FIELD_MANAGER = 'rehearse';
/** Failed attempts in a row, a second apart, after which a watch is given up. */
const WATCH_ATTEMPTS = 30;

/** A kind as the API server lists it. */
export interface Resource {
  readonly kind: string;
  /** In the URL: plural, lower case. */
  readonly name: string;
  readonly isNamespaced: boolean;
}

/** An object's kind and place. */
export interface Reference {
  readonly apiVersion: string;
  readonly kind: string;
  readonly name: string;
  readonly namespace?: string;
}

/** What somebody may do: a verb on a resource. */
export interface Permission {
  readonly verb: string;
  /** Empty for the core group. */
  readonly group: string;
  /** Plural; a subresource behind a slash: `pods/log`. */
  readonly resource: string;
  readonly namespace?: string;
}

/** A cluster's API. Every call rejects with RehearsalError, one line: what was being done, and what the server said. */
export interface ClusterClient {
  readonly context: string;
  readonly server: string;
  readonly version: () => Promise<string>;
  /** Undefined where the server does not know the group or its version. */
  readonly resourcesOf: (apiVersion: string) => Promise<readonly Resource[] | undefined>;
  readonly may: (permission: Permission) => Promise<boolean>;
  /** Undefined for an object that is not there. */
  readonly read: (reference: Reference) => Promise<JsonMap | undefined>;
  readonly list: (apiVersion: string, kind: string, namespace?: string, labels?: string) => Promise<readonly JsonMap[]>;
  /** False where one of its name is there already. */
  readonly create: (object: JsonMap) => Promise<boolean>;
  /** Server-side apply: fields of ours that are no longer named are removed. */
  readonly apply: (object: JsonMap) => Promise<JsonMap>;
  /** JSON merge patch. */
  readonly merge: (reference: Reference, patch: JsonMap) => Promise<void>;
  /** An object that is gone already is no error. Undefined grace: the object's own. */
  readonly remove: (reference: Reference, graceSeconds?: number) => Promise<void>;
  /**
   * Calls `onObject` for every object of a kind that is there, and then for every change of one, until the signal.
   * `onLost` is called once when the API server does not answer any more.
   */
  readonly watch: (watched: Watched, signal: AbortSignal) => Promise<void>;
  /** What a container wrote in the last seconds; all of it where none are given. */
  readonly readLog: (pod: PodLog, sinceSeconds?: number) => Promise<string>;
}

export interface Watched {
  readonly apiVersion: string;
  readonly kind: string;
  readonly namespace: string;
  readonly onObject: (object: JsonMap, isDeleted: boolean) => void;
  readonly onLost: (error: RehearsalError) => void;
}

export interface PodLog {
  readonly namespace: string;
  readonly pod: string;
  readonly container: string;
}

/** The API of the configuration's current context. */
export function createClusterClient(config: KubeConfig): ClusterClient {
  const objects = KubernetesObjectApi.makeApiClient(config);
  const groups = config.makeApiClient(CustomObjectsApi);
  const core = config.makeApiClient(CoreV1Api);
  const access = config.makeApiClient(AuthorizationV1Api);
  const watch = new Watch(config);
  const known = new Map<string, Promise<readonly Resource[] | undefined>>();

  function resourcesOf(apiVersion: string): Promise<readonly Resource[] | undefined> {
    const [group = '', version = ''] = apiVersion.split('/');
    const asked =
      known.get(apiVersion) ??
      call(`asking for the kinds of ${apiVersion}`, async () => {
        const { resources } = await (version === ''
          ? core.getAPIResources()
          : groups.getAPIResources({ group, version }));
        return resources.map(({ kind, name, namespaced }) => ({ kind, name, isNamespaced: namespaced }));
      }).catch(orUndefined);
    known.set(apiVersion, asked);
    return asked;
  }

  return {
    context: config.getCurrentContext(),
    server: config.getCurrentCluster()?.server ?? '',
    version: () =>
      call('asking for the version', async () => (await config.makeApiClient(VersionApi).getCode()).gitVersion),
    resourcesOf,
    may: ({ verb, group, resource, namespace }) =>
      call('asking what is allowed', async () => {
        const [name = '', subresource] = resource.split('/');
        const resourceAttributes = {
          verb,
          group,
          resource: name,
          ...(subresource !== undefined && { subresource }),
          ...(namespace !== undefined && { namespace }),
        };
        const { status } = await access.createSelfSubjectAccessReview({ body: { spec: { resourceAttributes } } });
        return status?.allowed ?? false;
      }),
    read: (reference) =>
      call(`reading ${nameOf(reference)}`, async () => plain(await objects.read(headerOf(reference)))).catch(
        orUndefined,
      ),
    list: (apiVersion, kind, namespace, labels) =>
      call(`listing objects of kind ${kind}`, async () => {
        const { items } = await objects.list(
          apiVersion,
          kind,
          namespace,
          undefined,
          undefined,
          undefined,
          undefined,
          labels,
        );
        return items.map(plain);
      }),
    create: (object) =>
      call(`creating ${nameOf(object)}`, async () => {
        await objects.create(structuredClone(object), undefined, undefined, FIELD_MANAGER);
        return true;
      }).catch((error: ClusterError) => {
        if (error.status !== 409) {
          throw error;
        }
        return false;
      }),
    apply: (object) =>
      call(`applying ${nameOf(object)}`, async () =>
        plain(
          await objects.patch(
            structuredClone(object),
            undefined,
            undefined,
            FIELD_MANAGER,
            true,
            PatchStrategy.ServerSideApply,
          ),
        ),
      ),
    merge: (reference, patch) =>
      call(`patching ${nameOf(reference)}`, async () => {
        const object = { ...patch, ...headerOf(reference) };
        await objects.patch(object, undefined, undefined, FIELD_MANAGER, undefined, PatchStrategy.MergePatch);
      }),
    remove: (reference, graceSeconds) =>
      call(`removing ${nameOf(reference)}`, async () => {
        await objects.delete(headerOf(reference), undefined, undefined, graceSeconds, undefined, 'Background');
      }).catch(orUndefined),
    async watch({ apiVersion, kind, namespace, onObject, onLost }, signal) {
      const resource = (await resourcesOf(apiVersion))?.find((one) => one.kind === kind);
      const root = apiVersion.includes('/') ? 'apis' : 'api';
      const path = `/${root}/${apiVersion}/namespaces/${namespace}/${resource?.name}`;
      const list = new ListWatch(path, watch, () => objects.list(apiVersion, kind, namespace), false);
      let failures = 0;
      for (const [verb, isDeleted] of [
        ['add', false],
        ['update', false],
        ['delete', true],
      ] as const) {
        list.on(verb, (object) => {
          failures = 0;
          onObject(plain(object), isDeleted);
        });
      }
      list.on('error', (error) => {
        failures += 1;
        if (failures === WATCH_ATTEMPTS && !signal.aborted) {
          onLost(new RehearsalError(`watching ${kind}s: ${messageOf(error)}`, { cause: error }));
        } else if (failures < WATCH_ATTEMPTS && !signal.aborted) {
          setTimeout(() => void (signal.aborted || list.start()), 1000);
        }
      });
      signal.addEventListener('abort', () => void list.stop());
      await list.start();
    },
    readLog: ({ namespace, pod, container }, sinceSeconds) =>
      call(`reading the log of Pod '${pod}'`, () =>
        core.readNamespacedPodLog({
          name: pod,
          namespace,
          container,
          ...(sinceSeconds !== undefined && { sinceSeconds }),
        }),
      ),
  };
}

/** What the API server refused, or that it did not answer. */
export class ClusterError extends RehearsalError {
  /** HTTP status, undefined where there was no answer. */
  readonly status: number | undefined;

  constructor(message: string, status: number | undefined, cause: unknown) {
    super(message, { cause });
    this.status = status;
  }
}

async function call<Value>(doing: string, request: () => Promise<Value>): Promise<Value> {
  try {
    return await request();
  } catch (error) {
    throw new ClusterError(
      `${doing}: ${messageOf(error)}`,
      error instanceof ApiException ? error.code : undefined,
      error,
    );
  }
}

/** For `catch`: undefined for what one may not see. */
export function orHidden(error: unknown): undefined {
  if (error instanceof ClusterError && error.status === 403) {
    return undefined;
  }
  throw error;
}

function orUndefined(error: unknown): undefined {
  if (error instanceof ClusterError && error.status === 404) {
    return undefined;
  }
  throw error;
}

/** The server's own words, in one line; of a connection that failed, the reason beneath. */
function messageOf(error: unknown): string {
  if (error instanceof ApiException) {
    return error.code === 401
      ? 'the server does not accept who this context says you are: log in again, or choose another with --context'
      : (statusMessage(error.body) ?? `the server answered ${error.code}`);
  }
  const { cause } = error as { cause?: unknown };
  return Error.isError(cause) ? messageOf(cause) : Error.isError(error) ? error.message : String(error);
}

function statusMessage(body: unknown): string | undefined {
  if (typeof body !== 'string') {
    return textAt(body as Json, ['message']);
  }
  try {
    return textAt(JSON.parse(body), ['message']);
  } catch {
    return body.trim().split('\n')[0];
  }
}

/** As the server wrote it: the client makes dates of some fields. */
function plain(object: object): JsonMap {
  return JSON.parse(JSON.stringify(object));
}

function headerOf({ apiVersion, kind, name, namespace }: Reference) {
  return { apiVersion, kind, metadata: { name, ...(namespace !== undefined && { namespace }) } };
}

/** `StatefulSet 'sample-api-redis'`, of a reference or of the object itself. */
function nameOf(object: Reference | JsonMap): string {
  return `${object.kind} '${textAt(mapAt(object as JsonMap, ['metadata']), ['name']) ?? object.name}'`;
}
