import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';

/** https://www.w3.org/TR/trace-context/#traceparent-header: version, trace-id, parent-id, flags. All zeros is no id. */
const TRACEPARENT = /^[0-9a-f]{2}-(?!0{32})([0-9a-f]{32})-[0-9a-f]{16}-[0-9a-f]{2}/;

const known = new WeakMap<IncomingMessage, string>();

/** The id by which a request is found in the logs: its caller's trace id if it sent one, else a new one. */
export function requestId(req: IncomingMessage): string {
  const id = known.get(req) ?? TRACEPARENT.exec(String(req.headers.traceparent ?? ''))?.[1] ?? randomUUID();
  known.set(req, id);
  return id;
}
