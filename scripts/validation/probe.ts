import { at, isMap, type JsonMap, listAt, numberAt, type Path, textAt } from '../manifest/json.ts';
import { isPortNumber, portNameProblem } from '../workload/names.ts';
import { problem, type SpecProblems } from './problem.ts';

const HANDLERS = ['exec', 'httpGet', 'tcpSocket', 'grpc'];
const NOT_NEGATIVE = [
  'initialDelaySeconds',
  'timeoutSeconds',
  'periodSeconds',
  'successThreshold',
  'failureThreshold',
] as const;

/** What Kubernetes' `validateProbe` refuses in one probe; `kind` is its field. */
export function* probeProblems(path: Path, probe: JsonMap, kind: string): SpecProblems {
  yield* handlerProblems(path, probe, kind, HANDLERS);
  const grace = numberAt(probe, ['terminationGracePeriodSeconds']);
  if (grace !== undefined && (grace <= 0 || kind === 'readinessProbe')) {
    const rule = kind === 'readinessProbe' ? 'not be set for a readinessProbe' : `be greater than 0, got ${grace}`;
    yield problem([...path, 'terminationGracePeriodSeconds'], `terminationGracePeriodSeconds must ${rule}`);
  }
  for (const field of NOT_NEGATIVE) {
    const value = numberAt(probe, [field]);
    if (value !== undefined && value < 0) {
      yield problem([...path, field], `${field} must be greater than or equal to 0, got ${value}`);
    }
  }
  const successes = numberAt(probe, ['successThreshold']) ?? 1;
  if (kind !== 'readinessProbe' && successes > 1) {
    yield problem([...path, 'successThreshold'], `successThreshold of a ${kind} must be 1, got ${successes}`);
  }
}

/** What Kubernetes' `validateHandler` refuses in what a probe or a hook does; `known` are its kinds. */
function* handlerProblems(path: Path, probe: JsonMap, kind: string, known: readonly string[]): SpecProblems {
  const handlers = known.filter((handler) => isMap(probe[handler]));
  if (handlers.length === 0) {
    yield problem(path, `${kind} must have one of ${known.join(', ')}`, 'key');
  }
  for (const handler of handlers.slice(1)) {
    yield problem([...path, handler], `${handler} must not be set beside ${handlers[0]}`, 'key');
  }
  if (isMap(probe.exec) && listAt(probe, ['exec', 'command']).length === 0) {
    yield problem([...path, 'exec', 'command'], 'command must have at least one word');
  }
  for (const handler of handlers) {
    const port = at(probe, [handler, 'port']);
    const reason = typeof port === 'string' ? portNameProblem(port) : 'be between 1 and 65535';
    if ((typeof port === 'string' && reason !== undefined) || (typeof port === 'number' && !isPortNumber(port))) {
      yield problem([...path, handler, 'port'], `port must ${reason}, got '${port}'`);
    }
  }
  for (const header of listAt(probe, ['httpGet', 'httpHeaders'])) {
    const name = textAt(header, ['name']) ?? '';
    if (!/^[-A-Za-z0-9]+$/.test(name)) {
      const message = `a header's name must be letters, digits and hyphens, got '${name}'`;
      yield problem([...path, 'httpGet', 'httpHeaders'], message);
    }
  }
}

/** What Kubernetes refuses in the hooks of one container. */
export function* hookProblems(path: Path, lifecycle: JsonMap): SpecProblems {
  for (const hook of ['postStart', 'preStop']) {
    if (isMap(lifecycle[hook])) {
      yield* handlerProblems([...path, hook], lifecycle[hook], hook, ['exec', 'httpGet', 'tcpSocket', 'sleep']);
    }
  }
}
