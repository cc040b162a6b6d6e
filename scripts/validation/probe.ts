import { at, isMap, type JsonMap, listAt, numberAt, type Path, textAt } from '../manifest/json.ts';
import { isPortNumber, portNameProblem } from '../workload/names.ts';
import { inRange, must, problem, type SpecProblems } from './problem.ts';

const HANDLERS = ['exec', 'httpGet', 'tcpSocket', 'grpc'];
const COUNTS = ['initialDelaySeconds', 'timeoutSeconds', 'periodSeconds', 'successThreshold', 'failureThreshold'];

/** What Kubernetes' `validateProbe` refuses in one probe; `kind` is its field, such as `livenessProbe`. */
export function* probeProblems(path: Path, probe: JsonMap, kind: string): SpecProblems {
  yield* handlerProblems(path, probe, kind, HANDLERS);
  const isReadiness = kind === 'readinessProbe';
  const grace = numberAt(probe, ['terminationGracePeriodSeconds']);
  const rule = isReadiness ? 'not be set for a readinessProbe' : `be greater than 0, got ${grace}`;
  const isGraceFine = grace === undefined || (grace > 0 && !isReadiness);
  yield* must(isGraceFine, [...path, 'terminationGracePeriodSeconds'], `terminationGracePeriodSeconds must ${rule}`);
  for (const field of COUNTS) {
    yield* inRange([...path, field], numberAt(probe, [field]), 0, Number.POSITIVE_INFINITY);
  }
  const successes = numberAt(probe, ['successThreshold']) ?? 1;
  const message = `successThreshold of a ${kind} must be 1, got ${successes}`;
  yield* must(isReadiness || successes <= 1, [...path, 'successThreshold'], message);
}

/** What Kubernetes' `validateHandler` refuses in the action of a probe or a hook; `known` has the allowed actions. */
function* handlerProblems(path: Path, probe: JsonMap, kind: string, known: readonly string[]): SpecProblems {
  const handlers = known.filter((handler) => isMap(probe[handler]));
  yield* must(handlers.length > 0, path, `${kind} must have one of ${known.join(', ')}`, 'key');
  for (const handler of handlers.slice(1)) {
    yield problem([...path, handler], `${handler} must not be set beside ${handlers[0]}`, 'key');
  }
  const hasCommand = !isMap(probe.exec) || listAt(probe, ['exec', 'command']).length > 0;
  yield* must(hasCommand, [...path, 'exec', 'command'], 'command must have at least one word');
  for (const handler of handlers) {
    const port = at(probe, [handler, 'port']);
    const reason = typeof port === 'string' ? portNameProblem(port) : 'be between 1 and 65535';
    const isFine = reason === undefined || (typeof port === 'number' ? isPortNumber(port) : typeof port !== 'string');
    yield* must(isFine, [...path, handler, 'port'], `port must ${reason}, got '${port}'`);
  }
  for (const header of listAt(probe, ['httpGet', 'httpHeaders'])) {
    const name = textAt(header, ['name']) ?? '';
    const message = `a header's name must be letters, digits and hyphens, got '${name}'`;
    yield* must(/^[-A-Za-z0-9]+$/.test(name), [...path, 'httpGet', 'httpHeaders'], message);
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
