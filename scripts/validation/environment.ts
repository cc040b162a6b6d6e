import { at, isMap, type Json, type JsonMap, mapAt, type Path, textAt } from '../manifest/json.ts';
import { isDataKey, isSubdomain, isVariableName } from '../workload/names.ts';
import { itemsAt, must, type SpecProblems } from './problem.ts';

/** What Kubernetes' `ValidateEnv` and `validateEnvFrom` refuse in one container. */
export function* environmentProblems(path: Path, container: JsonMap): SpecProblems {
  for (const [here, variable] of itemsAt([...path, 'env'], container.env)) {
    const name = textAt(variable, ['name']);
    // A missing name is reported by schema/type.
    const rule = "must be letters, digits, '_', '-' and '.', and not begin with a digit";
    const message = `name of an environment variable ${rule}, got '${name}'`;
    yield* must(name === undefined || isVariableName(name), [...here, 'name'], message);
    if (isMap(at(variable, ['valueFrom']))) {
      yield* sourceProblems([...here, 'valueFrom'], mapAt(variable));
    }
  }
  for (const [here, source] of itemsAt([...path, 'envFrom'], container.envFrom)) {
    const kinds = ['configMapRef', 'secretRef'].filter((kind) => isMap(at(source, [kind])));
    yield* must(kinds.length === 1, [...path, 'envFrom'], 'envFrom must have one of configMapRef, secretRef');
    for (const kind of kinds) {
      yield* nameProblems([...here, kind], at(source, [kind]));
    }
    const prefix = textAt(source, ['prefix']) ?? '';
    const message = `prefix must be the beginning of a variable's name, got '${prefix}'`;
    yield* must(prefix === '' || isVariableName(prefix), [...here, 'prefix'], message);
  }
}

function* nameProblems(path: Path, reference: Json | undefined): SpecProblems {
  const name = textAt(reference, ['name']) ?? '';
  yield* must(isSubdomain(name), [...path, 'name'], `name must be that of an object, got '${name}'`);
}

const SOURCES = ['fieldRef', 'resourceFieldRef', 'configMapKeyRef', 'secretKeyRef'];

const POD_FIELD =
  /^(metadata\.(name|namespace|uid|(labels|annotations)\['.*'\])|spec\.(nodeName|serviceAccountName|host)|status\.(hostIPs?|podIPs?))$/;

function* sourceProblems(path: Path, variable: JsonMap): SpecProblems {
  const source = mapAt(variable, ['valueFrom']);
  const kinds = SOURCES.filter((kind) => isMap(source[kind]));
  const isSetTwice = (textAt(variable, ['value']) ?? '') !== '' && kinds.length > 0;
  const rule = isSetTwice ? 'not be set beside `value`' : `have one of ${SOURCES.join(', ')}`;
  yield* must(!isSetTwice && kinds.length === 1, path, `valueFrom must ${rule}`, 'key');
  const field = textAt(source, ['fieldRef', 'fieldPath']);
  const message = `fieldPath must be a field that variables can hold, got '${field}'`;
  yield* must(field === undefined || POD_FIELD.test(field), [...path, 'fieldRef', 'fieldPath'], message);
  for (const kind of kinds.filter((one) => one.endsWith('KeyRef'))) {
    yield* nameProblems([...path, kind], source[kind]);
    const key = textAt(source, [kind, 'key']);
    const letters = `key must be letters, digits, '-', '_' and '.', got '${key}'`;
    yield* must(key === undefined || isDataKey(key), [...path, kind, 'key'], letters);
  }
}
