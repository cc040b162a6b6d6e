import { at, isMap, type JsonMap, listAt, mapAt, type Path, textAt } from '../manifest/json.ts';
import type { Manifest } from '../manifest/manifest.ts';
import { isDataKey, isSubdomain, isVariableName } from './names.ts';
import type { Problem } from './rule.ts';

/** What Kubernetes' `ValidateEnv` and `validateEnvFrom` say of one container. */
export function* environmentProblems(manifest: Manifest, path: Path, container: JsonMap): Generator<Problem> {
  for (const [index, variable] of listAt(container, ['env']).entries()) {
    const here = [...path, 'env', index];
    const name = textAt(variable, ['name']);
    // A variable without the field is the schema's to tell.
    if (name !== undefined && !isVariableName(name)) {
      yield {
        manifest,
        path: [...here, 'name'],
        message: `name of an environment variable must be letters, digits, '_', '-' and '.', and not begin with a digit, got '${name}'`,
      };
    }
    if (isMap(at(variable, ['valueFrom']))) {
      yield* sourceProblems(manifest, [...here, 'valueFrom'], variable as JsonMap);
    }
  }
  for (const [index, source] of listAt(container, ['envFrom']).entries()) {
    const kinds = ['configMapRef', 'secretRef'].filter((kind) => isMap(at(source, [kind])));
    if (kinds.length !== 1) {
      yield { manifest, path: [...path, 'envFrom'], message: 'envFrom must have one of configMapRef, secretRef' };
    }
    for (const kind of kinds) {
      const name = textAt(source, [kind, 'name']) ?? '';
      if (!isSubdomain(name)) {
        const message = `name must be that of an object, got '${name}'`;
        yield { manifest, path: [...path, 'envFrom', index, kind, 'name'], message };
      }
    }
    const prefix = textAt(source, ['prefix']) ?? '';
    if (prefix !== '' && !isVariableName(prefix)) {
      const message = `prefix must be the beginning of a variable's name, got '${prefix}'`;
      yield { manifest, path: [...path, 'envFrom', index, 'prefix'], message };
    }
  }
}

const SOURCES = ['fieldRef', 'resourceFieldRef', 'configMapKeyRef', 'secretKeyRef'];

const POD_FIELD =
  /^(metadata\.(name|namespace|uid|(labels|annotations)\['.*'\])|spec\.(nodeName|serviceAccountName|host)|status\.(hostIPs?|podIPs?))$/;

function* sourceProblems(manifest: Manifest, path: Path, variable: JsonMap): Generator<Problem> {
  const source = mapAt(variable, ['valueFrom']);
  const kinds = SOURCES.filter((kind) => isMap(source[kind]));
  const hasValue = (textAt(variable, ['value']) ?? '') !== '';
  if (hasValue && kinds.length > 0) {
    yield { manifest, path, pointAt: 'key', message: 'valueFrom must not be set beside `value`' };
  } else if (kinds.length !== 1) {
    yield { manifest, path, pointAt: 'key', message: `valueFrom must have one of ${SOURCES.join(', ')}` };
  }
  const field = textAt(source, ['fieldRef', 'fieldPath']);
  if (field !== undefined && !POD_FIELD.test(field)) {
    const message = `fieldPath must be a field that variables can hold, got '${field}'`;
    yield { manifest, path: [...path, 'fieldRef', 'fieldPath'], message };
  }
  for (const kind of kinds.filter((one) => one.endsWith('KeyRef'))) {
    const [name, key] = [textAt(source, [kind, 'name']) ?? '', textAt(source, [kind, 'key'])];
    if (!isSubdomain(name)) {
      yield { manifest, path: [...path, kind, 'name'], message: `name must be that of an object, got '${name}'` };
    }
    if (key !== undefined && !isDataKey(key)) {
      const message = `key must be letters, digits, '-', '_' and '.', got '${key}'`;
      yield { manifest, path: [...path, kind, 'key'], message };
    }
  }
}
