import { IsomorphicFetchHttpLibrary, type PromiseHttpLibrary, type RequestContext } from '@kubernetes/client-node';
import { textAt } from '../../manifest/json.ts';
import { RehearsalError } from '../errors.ts';

/** A request to the cluster that failed: one line with the context, the request, the reason and a remedy. */
export class ClusterError extends RehearsalError {
  /** HTTP status; undefined where the server did not answer. */
  readonly status: number | undefined;

  constructor(message: string, status: number | undefined, options?: ErrorOptions) {
    super(message, options);
    this.status = status;
  }
}

/** For `catch`: undefined for a response of that status, such as 403 for what may not be read; rethrows any other error. */
export function unlessStatus(status: number): (error: unknown) => undefined {
  return (error) => {
    if (!(error instanceof ClusterError && error.status === status)) {
      throw error;
    }
    return undefined;
  };
}

const VERBS: Readonly<Record<string, string>> = { GET: 'get', POST: 'create', PATCH: 'patch', DELETE: 'delete' };
const REMEDIES: Readonly<Record<number, string>> = {
  401: 'log in again, or choose another --context',
  403: 'have a Role that allows it bound to you, or choose another --context',
};

/** Sends requests with fetch, and rejects with ClusterError for any that does not succeed. */
export function createHttp(context: string, server: string): PromiseHttpLibrary {
  const fetching = new IsomorphicFetchHttpLibrary();
  return {
    async send(request) {
      const doing = `context '${context}': ${describe(request)}`;
      const response = await fetching
        .send(request)
        .toPromise()
        .catch((cause: Error) => {
          const remedy = `does the cluster at ${server} run? --context chooses another`;
          throw new ClusterError(`${doing}: ${reasonOf(cause)}: ${remedy}`, undefined, { cause });
        });
      const { httpStatusCode: status } = response;
      if (status < 400) {
        return response;
      }
      const remedy = REMEDIES[status] === undefined ? '' : `: ${REMEDIES[status]}`;
      throw new ClusterError(`${doing}: ${messageIn(await response.body.text(), status)}${remedy}`, status);
    },
  };
}

/** `patch namespaces/home/configmaps/settings`. */
function describe(request: RequestContext): string {
  const path = new URL(request.getUrl()).pathname.replace(/^\/(apis\/[^/]+\/[^/]+|api\/[^/]+)?\/?/, '');
  return `${VERBS[request.getHttpMethod()]} ${path}`;
}

/** The `message` of an error's body, or the first line of a body that is not JSON. */
function messageIn(body: string, status: number): string {
  const unknown = `the server answered ${status}`;
  try {
    return textAt(JSON.parse(body), ['message']) ?? unknown;
  } catch {
    return body.trim().split('\n')[0] || unknown;
  }
}

/** The message of the innermost `cause`, which says why a connection failed. */
export function reasonOf(error: unknown): string {
  const { cause, message } = error as Error;
  return Error.isError(cause) ? reasonOf(cause) : message;
}
