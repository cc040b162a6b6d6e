import { at, isMap, type JsonMap, listAt, mapAt, type Path, textAt } from '../manifest/json.ts';
import { isDataKey, isSubdomain, isVariableName } from '../workload/names.ts';
import { problem, type SpecProblems } from './problem.ts';

/** What Kubernetes' `ValidateEnv` and `validateEnvFrom` refuse in one container. */
export function* environmentProblems(path: Path, container: JsonMap): SpecProblems {
  for (const [index, variable] of listAt(container, ['env']).entries()) {
    const here = [...path, 'env', index];
    const name = textAt(variable, ['name']);
    // A missing name is reported by schema/type.
    if (name !== undefined && !isVariableName(name)) {
      const rule = "must be letters, digits, '_', '-' and '.', and not begin with a digit";
      yield problem([...here, 'name'], `name of an environment variable ${rule}, got '${name}'`);
    }
    if (isMap(at(variable, ['valueFrom']))) {
      yield* sourceProblems([...here, 'valueFrom'], mapAt(variable));
    }
  }
  for (const [index, source] of listAt(container, ['envFrom']).entries()) {
    const kinds = ['configMapRef', 'secretRef'].filter((kind) => isMap(at(source, [kind])));
    if (kinds.length !== 1) {
      yield problem([...path, 'envFrom'], 'envFrom must have one of configMapRef, secretRef');
    }
    for (const kind of kinds) {
      const name = textAt(source, [kind, 'name']) ?? '';
      if (!isSubdomain(name)) {
        yield problem([...path, 'envFrom', index, kind, 'name'], `name must be that of an object, got '${name}'`);
      }
    }
    const prefix = textAt(source, ['prefix']) ?? '';
    if (prefix !== '' && !isVariableName(prefix)) {
      const message = `prefix must be the beginning of a variable's name, got '${prefix}'`;
      yield problem([...path, 'envFrom', index, 'prefix'], message);
    }
  }
}

const SOURCES = ['fieldRef', 'resourceFieldRef', 'configMapKeyRef', 'secretKeyRef'];

const POD_FIELD =
  /^(metadata\.(name|namespace|uid|(labels|annotations)\['.*'\])|spec\.(nodeName|serviceAccountName|host)|status\.(hostIPs?|podIPs?))$/;

function* sourceProblems(path: Path, variable: JsonMap): SpecProblems {
  const source = mapAt(variable, ['valueFrom']);
  const kinds = SOURCES.filter((kind) => isMap(source[kind]));
  if ((textAt(variable, ['value']) ?? '') !== '' && kinds.length > 0) {
    yield problem(path, 'valueFrom must not be set beside `value`', 'key');
  } else if (kinds.length !== 1) {
    yield problem(path, `valueFrom must have one of ${SOURCES.join(', ')}`, 'key');
  }
  const field = textAt(source, ['fieldRef', 'fieldPath']);
  if (field !== undefined && !POD_FIELD.test(field)) {
    const message = `fieldPath must be a field that variables can hold, got '${field}'`;
    yield problem([...path, 'fieldRef', 'fieldPath'], message);
  }
  for (const kind of kinds.filter((one) => one.endsWith('KeyRef'))) {
    const [name, key] = [textAt(source, [kind, 'name']) ?? '', textAt(source, [kind, 'key'])];
    if (!isSubdomain(name)) {
      yield problem([...path, kind, 'name'], `name must be that of an object, got '${name}'`);
    }
    if (key !== undefined && !isDataKey(key)) {
      yield problem([...path, kind, 'key'], `key must be letters, digits, '-', '_' and '.', got '${key}'`);
    }
  }
}
