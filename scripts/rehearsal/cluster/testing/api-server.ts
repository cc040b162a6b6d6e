import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type JsonMap, mapAt, textAt } from '../../../manifest/json.ts';
import { KINDS, type Known, knownOf, type Reply, reply, statusOf } from './api-kinds.ts';
import { type ChangeType, ObjectStore } from './object-store.ts';

export interface ApiServerSettings {
  /** Kinds that the server does not know. */
  readonly without?: readonly string[];
  /** Verbs and resources that the server forbids to everybody: `create namespaces`, `get pods/log`. */
  readonly forbidden?: readonly string[];
}

interface Watcher {
  readonly known: Known;
  readonly namespace: string | undefined;
  readonly response: ServerResponse;
}

/** A Kubernetes API server for tests: list, watch, create, patch, server-side apply and delete over HTTP, objects in memory. */
export class FakeApiServer {
  readonly url: string;
  /** Requests that write, in order: `POST /api/v1/namespaces`. */
  readonly writes: string[] = [];
  /** Returns the text of a pod's log. */
  readLog: (namespace: string, pod: string) => string = () => '';
  readonly #objects = new ObjectStore();
  readonly #watchers = new Set<Watcher>();
  readonly #settings: ApiServerSettings;
  readonly #close: () => Promise<void>;

  private constructor(url: string, settings: ApiServerSettings, close: () => Promise<void>) {
    this.url = url;
    this.#settings = settings;
    this.#close = close;
    this.#objects.onChange((type, object) => this.#report(type, object));
  }

  static async start(settings: ApiServerSettings = {}): Promise<FakeApiServer> {
    const http = createServer(async (request, response) => {
      const reply = await fake.#answer(request, response);
      if (reply !== undefined) {
        response.writeHead(reply[0], { 'Content-Type': 'application/json' });
        response.end(JSON.stringify(reply[1]));
      }
    });
    http.listen(0, '127.0.0.1');
    await once(http, 'listening');
    const fake: FakeApiServer = new FakeApiServer(
      `http://127.0.0.1:${(http.address() as AddressInfo).port}`,
      settings,
      async () => {
        const closed = once(http, 'close');
        http.close();
        http.closeAllConnections();
        await closed;
      },
    );
    return fake;
  }

  close(): Promise<void> {
    return this.#close();
  }

  onChange(listener: (type: ChangeType, object: JsonMap) => void): void {
    this.#objects.onChange(listener);
  }

  /** Every object of a kind. */
  list(own: string, namespace?: string): readonly JsonMap[] {
    return this.#objects.list(own, namespace);
  }

  /** Stores an object without a request, as if a controller had written it. */
  put(object: JsonMap): void {
    this.#objects.put(knownOf(String(object.kind)), object);
  }

  /** Deletes an object without a request, as if the garbage collector had. */
  drop(own: string, namespace: string, name: string): void {
    this.#objects.delete(knownOf(own), namespace, name);
  }

  /** Ends every open watch with the event 410 Gone, after which a client must list again. */
  forgetWatches(): void {
    for (const { response } of this.#watchers) {
      response.write(`${JSON.stringify({ type: 'ERROR', object: statusOf(410, 'too old resource version') })}\n`);
      response.end();
    }
    this.#watchers.clear();
  }

  #report(type: ChangeType, object: JsonMap): void {
    for (const { known, namespace, response } of this.#watchers) {
      const isInside = namespace === undefined || textAt(object, ['metadata', 'namespace']) === namespace;
      if (known.kind === object.kind && isInside) {
        response.write(`${JSON.stringify({ type, object })}\n`);
      }
    }
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<Reply | undefined> {
    const url = new URL(request.url ?? '', this.url);
    const chunks: Buffer[] = [];
    for await (const chunk of request) {
      chunks.push(chunk as Buffer);
    }
    const body = chunks.length === 0 ? {} : (JSON.parse(Buffer.concat(chunks).toString()) as JsonMap);
    const method = request.method ?? '';
    if (method !== 'GET' && !url.pathname.includes('accessreviews')) {
      this.writes.push(`${method} ${url.pathname}`);
    }
    if (url.pathname === '/version') {
      return reply(200, { major: '1', minor: '34', gitVersion: 'v1.34.5' });
    }
    if (url.pathname === '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews') {
      const { verb, resource, subresource } = mapAt(body, ['spec', 'resourceAttributes']);
      const asked = `${verb} ${resource}${subresource === undefined ? '' : `/${subresource}`}`;
      return reply(201, { ...body, status: { allowed: !(this.#settings.forbidden ?? []).includes(asked) } });
    }
    const log = /^\/api\/v1\/namespaces\/([^/]+)\/pods\/([^/]+)\/log$/.exec(url.pathname);
    if (log !== null) {
      response.writeHead(200, { 'Content-Type': 'text/plain' });
      response.end(this.readLog(log[1] ?? '', log[2] ?? ''));
      return undefined;
    }
    const [, group, version, rest = ''] = /^\/(?:api|apis\/([^/]+))\/([^/]+)\/?(.*)$/.exec(url.pathname) ?? [];
    const apiVersion = group === undefined ? (version ?? '') : `${group}/${version}`;
    const kinds = KINDS.filter((one) => one.apiVersion === apiVersion && !this.#settings.without?.includes(one.kind));
    if (kinds.length === 0) {
      return reply(404, statusOf(404, 'the server could not find the requested resource'));
    }
    if (rest === '') {
      const resources = kinds.map(({ kind: own, name, isNamespaced }) => ({
        kind: own,
        name,
        namespaced: isNamespaced,
        verbs: [],
      }));
      return reply(200, { kind: 'APIResourceList', groupVersion: apiVersion, resources });
    }
    const parts = rest.split('/');
    const namespace = parts[0] === 'namespaces' && parts.length > 2 ? parts[1] : undefined;
    const [plural, name] = namespace === undefined ? parts : parts.slice(2);
    const known = kinds.find((one) => one.name === plural);
    if (known === undefined) {
      return reply(404, statusOf(404, 'the server could not find the requested resource'));
    }
    if (method === 'GET' && name === undefined && this.#settings.forbidden?.includes(`list ${known.name}`)) {
      return reply(403, statusOf(403, `${known.name} is forbidden: User "me" cannot list resource "${known.name}"`));
    }
    if (method === 'GET' && name === undefined) {
      return this.#list(known, namespace, url, response);
    }
    return this.#one(known, namespace, name, method, request.headers['content-type'] ?? '', url, body);
  }

  #list(known: Known, namespace: string | undefined, url: URL, response: ServerResponse): Reply | undefined {
    const labels = (url.searchParams.get('labelSelector') ?? '').split(',').filter((one) => one !== '');
    const items = this.list(known.kind, namespace).filter((object) =>
      labels.every((label) => {
        const [key = '', value] = label.split('=');
        return textAt(object, ['metadata', 'labels', key]) === value;
      }),
    );
    if (url.searchParams.get('watch') !== 'true') {
      const metadata = { resourceVersion: String(this.#objects.version) };
      // The real server leaves out kind and apiVersion of a list's items too.
      const bare = items.map(({ kind: _, apiVersion: __, ...object }) => object);
      return reply(200, { kind: `${known.kind}List`, apiVersion: known.apiVersion, metadata, items: bare });
    }
    const since = Number(url.searchParams.get('resourceVersion') ?? 0);
    response.writeHead(200, { 'Content-Type': 'application/json' });
    response.flushHeaders();
    for (const object of items.filter((one) => Number(textAt(one, ['metadata', 'resourceVersion'])) > since)) {
      response.write(`${JSON.stringify({ type: 'ADDED', object })}\n`);
    }
    const watcher = { known, namespace, response };
    this.#watchers.add(watcher);
    response.on('close', () => this.#watchers.delete(watcher));
    return undefined;
  }

  #one(
    known: Known,
    namespace: string | undefined,
    name: string | undefined,
    method: string,
    contentType: string,
    url: URL,
    body: JsonMap,
  ): Reply {
    const own = name ?? textAt(body, ['metadata', 'name']) ?? '';
    const existing = this.#objects.get(known, namespace, own);
    const notFound = statusOf(404, `${known.name} "${own}" not found`);
    const metadata = { ...mapAt(body, ['metadata']), name: own, ...(namespace !== undefined && { namespace }) };
    if (
      namespace !== undefined &&
      method !== 'GET' &&
      this.#objects.get(knownOf('Namespace'), undefined, namespace) === undefined
    ) {
      return reply(404, statusOf(404, `namespaces "${namespace}" not found`));
    }
    if (method === 'POST') {
      return existing === undefined
        ? reply(201, this.#objects.put(known, { ...body, metadata }))
        : reply(409, statusOf(409, `${known.name} "${own}" already exists`));
    }
    if (method === 'PATCH' && contentType.includes('apply-patch')) {
      if (url.searchParams.get('fieldManager') === null) {
        return reply(400, statusOf(400, 'fieldManager is required for apply patch'));
      }
      const applied = this.#objects.apply(known, namespace, own, { ...body, metadata });
      return reply(existing === undefined ? 201 : 200, applied);
    }
    if (existing === undefined) {
      return reply(404, notFound);
    }
    if (method === 'DELETE') {
      return reply(200, this.#objects.delete(known, namespace, own) ?? notFound);
    }
    return reply(200, existing);
  }
}
