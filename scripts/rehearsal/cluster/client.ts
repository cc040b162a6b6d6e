import {
  AuthorizationV1Api,
  CoreV1Api,
  createConfiguration,
  type KubeConfig,
  type KubernetesObject,
  KubernetesObjectApi,
  ListWatch,
  PatchStrategy,
  ServerConfiguration,
  type V1APIResource,
  type V1ResourceAttributes,
  VersionApi,
  Watch,
  wrapHttpLibrary,
} from '@kubernetes/client-node';
import type { JsonMap } from '../../manifest/json.ts';
import { RehearsalError } from '../errors.ts';
import { createHttp, reasonOf, unlessStatus } from './request-error.ts';

/** Owner of the fields that a rehearsal applies. */
const FIELD_MANAGER = 'rehearse';
/** Failed attempts in a row, a second apart, after which a watch counts as lost. */
const WATCH_ATTEMPTS = 30;
/** Lines of a log that one read returns: the newest whole one is among them, beside warnings. */
const LOG_LINES = 10;

/** Callbacks of a watch. */
export interface Watcher {
  /** Called for every object that exists, and for every change of one. */
  readonly onObject: (object: JsonMap, isDeleted: boolean) => void;
  /** Called once, when the API server no longer answers. */
  readonly onLost: (error: RehearsalError) => void;
}

/** The API of a kubeconfig's current context. `apiVersion`, `kind` and `metadata` name an object. Rejects with ClusterError. */
export class ClusterClient {
  readonly context: string;
  readonly server: string;
  readonly #config: KubeConfig;
  readonly #objects: ObjectApi;
  readonly #core: CoreV1Api;
  readonly #access: AuthorizationV1Api;
  readonly #version: VersionApi;

  constructor(config: KubeConfig) {
    this.context = config.getCurrentContext();
    this.server = config.getCurrentCluster()?.server ?? '';
    this.#config = config;
    const configuration = createConfiguration({
      baseServer: new ServerConfiguration(this.server, {}),
      authMethods: { default: config },
      httpApi: wrapHttpLibrary(createHttp(this.context, this.server)),
    });
    this.#objects = new ObjectApi(configuration);
    this.#core = new CoreV1Api(configuration);
    this.#access = new AuthorizationV1Api(configuration);
    this.#version = new VersionApi(configuration);
  }

  async version(): Promise<string> {
    return (await this.#version.getCode()).gitVersion;
  }

  /** How URLs and permissions name a kind; undefined where the server does not know it. */
  resource(apiVersion: string, kind: string): Promise<V1APIResource | undefined> {
    return this.#objects.resource(apiVersion, kind).catch(unlessStatus(404));
  }

  async may(resourceAttributes: V1ResourceAttributes): Promise<boolean> {
    const review = await this.#access.createSelfSubjectAccessReview({ body: { spec: { resourceAttributes } } });
    return review.status?.allowed ?? false;
  }

  /** Undefined for an object that is not there. */
  read(object: JsonMap): Promise<JsonMap | undefined> {
    return this.#objects.read(headerOf(object)).then(toJson, unlessStatus(404));
  }

  async list(apiVersion: string, kind: string, namespace?: string, labels?: string): Promise<readonly JsonMap[]> {
    const none = undefined;
    const list = await this.#objects.list(apiVersion, kind, namespace, none, none, none, none, labels);
    // A list does not repeat the kind of its items.
    return list.items.map((item) => ({ ...toJson(item), apiVersion, kind }));
  }

  async create(object: JsonMap): Promise<void> {
    await this.#objects.create(structuredClone(object), undefined, undefined, FIELD_MANAGER);
  }

  /** Server-side apply: fields that an earlier apply named and this one does not are removed. */
  async apply(object: JsonMap): Promise<void> {
    const copy = structuredClone(object);
    await this.#objects.patch(copy, undefined, undefined, FIELD_MANAGER, true, PatchStrategy.ServerSideApply);
  }

  /** An object that is gone already is no error. Without `graceSeconds` the object's own grace period applies. */
  async remove(object: JsonMap, graceSeconds?: number): Promise<void> {
    const header = headerOf(object);
    await this.#objects
      .delete(header, undefined, undefined, graceSeconds, undefined, 'Background')
      .catch(unlessStatus(404));
  }

  /** Reports the objects of a kind to `watcher`, now and on every change, until the signal aborts. */
  async watch(apiVersion: string, kind: string, namespace: string, watcher: Watcher, signal: AbortSignal) {
    const path = await this.#objects.listPath(apiVersion, kind, namespace);
    const list = new ListWatch(
      path,
      new Watch(this.#config),
      () => this.#objects.list(apiVersion, kind, namespace),
      false,
    );
    let failures = 0;
    const report = (isDeleted: boolean) => (object: KubernetesObject) => {
      failures = 0;
      watcher.onObject({ ...toJson(object), apiVersion, kind }, isDeleted);
    };
    list.on('add', report(false));
    list.on('update', report(false));
    list.on('delete', report(true));
    list.on('error', (error) => {
      failures += 1;
      if (failures < WATCH_ATTEMPTS) {
        setTimeout(() => void (signal.aborted || list.start()), 1000);
      } else if (!signal.aborted) {
        watcher.onLost(new RehearsalError(`context '${this.context}': watch ${path}: ${reasonOf(error)}`));
      }
    });
    signal.addEventListener('abort', () => void list.stop());
    await list.start();
  }

  /** The end of a container's log. */
  readLog(namespace: string, name: string, container: string): Promise<string> {
    return this.#core.readNamespacedPodLog({ namespace, name, container, tailLines: LOG_LINES });
  }
}

/** The library's client for objects of any kind, with two of its protected methods made public. */
class ObjectApi extends KubernetesObjectApi {
  override resource(apiVersion: string, kind: string): Promise<V1APIResource | undefined> {
    return super.resource(apiVersion, kind);
  }

  listPath(apiVersion: string, kind: string, namespace: string): Promise<string> {
    return this.specUriPath({ apiVersion, kind, metadata: { namespace } }, 'list');
  }
}

/** A copy with dates as text again: the library parses some fields into `Date`. */
function toJson(object: object): JsonMap {
  return JSON.parse(JSON.stringify(object));
}

function headerOf({ apiVersion, kind, metadata }: JsonMap) {
  const { name, namespace } = metadata as { readonly name: string; readonly namespace?: string };
  return { apiVersion: String(apiVersion), kind: String(kind), metadata: { name, ...(namespace && { namespace }) } };
}
