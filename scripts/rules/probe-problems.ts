import { at, isMap, type JsonMap, listAt, numberAt, type Path, textAt } from '../manifest/json.ts';
import type { Manifest } from '../manifest/manifest.ts';
import { isPortNumber, portNameProblem } from './names.ts';
import type { Problem } from './rule.ts';

const HANDLERS = ['exec', 'httpGet', 'tcpSocket', 'grpc'];

/** What Kubernetes' `validateProbe` says of one probe; `kind` is its field. */
export function* probeProblems(manifest: Manifest, path: Path, probe: JsonMap, kind: string): Generator<Problem> {
  yield* handlerProblems(manifest, path, probe, kind, HANDLERS);
  const grace = numberAt(probe, ['terminationGracePeriodSeconds']);
  if (grace !== undefined && (grace <= 0 || kind === 'readinessProbe')) {
    yield {
      manifest,
      path: [...path, 'terminationGracePeriodSeconds'],
      message: `terminationGracePeriodSeconds must ${kind === 'readinessProbe' ? 'not be set for a readinessProbe' : `be greater than 0, got ${grace}`}`,
    };
  }
  for (const field of [
    'initialDelaySeconds',
    'timeoutSeconds',
    'periodSeconds',
    'successThreshold',
    'failureThreshold',
  ]) {
    const value = numberAt(probe, [field]);
    if (value !== undefined && value < 0) {
      yield { manifest, path: [...path, field], message: `${field} must be greater than or equal to 0, got ${value}` };
    }
  }
  const successes = numberAt(probe, ['successThreshold']);
  if (kind !== 'readinessProbe' && successes !== undefined && successes > 1) {
    yield {
      manifest,
      path: [...path, 'successThreshold'],
      message: `successThreshold of a ${kind} must be 1, got ${successes}`,
    };
  }
}

/** What Kubernetes' `validateHandler` says of what a probe or a hook does; `known` are its kinds. */
function* handlerProblems(
  manifest: Manifest,
  path: Path,
  probe: JsonMap,
  kind: string,
  known: readonly string[],
): Generator<Problem> {
  const handlers = known.filter((handler) => isMap(probe[handler]));
  if (handlers.length === 0) {
    yield { manifest, path, pointAt: 'key', message: `${kind} must have one of ${known.join(', ')}` };
  }
  for (const handler of handlers.slice(1)) {
    yield {
      manifest,
      path: [...path, handler],
      pointAt: 'key',
      message: `${handler} must not be set beside ${handlers[0]}`,
    };
  }
  if (isMap(probe.exec) && listAt(probe, ['exec', 'command']).length === 0) {
    yield { manifest, path: [...path, 'exec', 'command'], message: 'command must have at least one word' };
  }
  for (const handler of handlers) {
    const port = at(probe, [handler, 'port']);
    const problem = typeof port === 'string' ? portNameProblem(port) : 'be between 1 and 65535';
    if ((typeof port === 'string' && problem !== undefined) || (typeof port === 'number' && !isPortNumber(port))) {
      yield { manifest, path: [...path, handler, 'port'], message: `port must ${problem}, got '${port}'` };
    }
  }
  for (const header of listAt(probe, ['httpGet', 'httpHeaders'])) {
    if (!/^[-A-Za-z0-9]+$/.test(textAt(header, ['name']) ?? '')) {
      const message = `a header's name must be letters, digits and hyphens, got '${textAt(header, ['name']) ?? ''}'`;
      yield { manifest, path: [...path, 'httpGet', 'httpHeaders'], message };
    }
  }
}

/** What Kubernetes says of the hooks of one container. */
export function* hookProblems(manifest: Manifest, path: Path, lifecycle: JsonMap): Generator<Problem> {
  for (const hook of ['postStart', 'preStop']) {
    if (isMap(lifecycle[hook])) {
      yield* handlerProblems(manifest, [...path, hook], lifecycle[hook], hook, [
        'exec',
        'httpGet',
        'tcpSocket',
        'sleep',
      ]);
    }
  }
}
