import { isMap, type Json, type JsonMap, mapAt, textAt } from '../manifest/json.ts';
import { isLabelName } from './names.ts';

/** The result of reading a `fieldRef`. One field is set: the value, why there is none, or why only a cluster knows it. */
export interface FieldValue {
  readonly value?: string;
  readonly problem?: string;
  readonly unknown?: string;
}

const METADATA = /^metadata\.(name|namespace|uid|annotations|labels)(?:\['(.*)'\])?$/;
/** Paths that only the controller writes. */
const WRITTEN_LATER = /^status\b/;

/** Whether the controller's validation accepts an argument's `fieldPath`. Outside `metadata` it accepts any. */
export function isFieldPath(path: string): boolean {
  if (!path.startsWith('metadata')) {
    return true;
  }
  const [whole, field = '', key] = METADATA.exec(path) ?? [];
  const isMapField = field === 'labels' || field === 'annotations';
  const name = field === 'annotations' ? key?.toLowerCase() : key;
  return whole !== undefined && (name === undefined || (isMapField && isLabelName(name)));
}

/**
 * Reads the field of a Rollout that an argument's `fieldRef` names. Mirrors Kubernetes' `fieldpath.ExtractFieldPathAsString` inside
 * the metadata, and `extractValueFromRollout` in argo-rollouts `utils/analysis/factory.go` (v1.10.2) outside.
 */
export function readFieldPath(rollout: JsonMap, path: string): FieldValue {
  if (WRITTEN_LATER.test(path)) {
    return { unknown: `${path}, which the controller writes` };
  }
  return path.startsWith('metadata') ? readMetadata(mapAt(rollout, ['metadata']), path) : readSpec(rollout, path);
}

function readMetadata(metadata: JsonMap, path: string): FieldValue {
  if (!isFieldPath(path)) {
    return { problem: `unsupported fieldPath: ${path}` };
  }
  const [, field = '', key] = METADATA.exec(path) ?? [];
  const map = mapAt(metadata, [field]);
  if (key !== undefined) {
    return { value: textAt(map, [key]) ?? '' };
  }
  if (field === 'labels') {
    const labels = Object.keys(map).toSorted();
    return { value: labels.map((label) => `${label}=${JSON.stringify(map[label])}`).join('\n') };
  }
  const value = field === 'annotations' ? undefined : textAt(metadata, [field]);
  return value === undefined ? { unknown: `${path}, which only a cluster knows` } : { value };
}

function readSpec(rollout: JsonMap, path: string): FieldValue {
  // The controller writes its default of 1 replica into the spec, where the field can be read.
  let here: Json = { ...rollout, spec: { replicas: 1, ...mapAt(rollout, ['spec']) } };
  for (const section of path.split(/[.[\]]+/).filter((part) => part !== '')) {
    if (Array.isArray(here)) {
      if (!/^[+-]?\d+$/.test(section)) {
        return { problem: `invalid index '${section}'` };
      }
      if (Number(section) >= here.length) {
        return { problem: `index ${Number(section)} out of range` };
      }
      here = here[Number(section)] ?? null;
    } else if (isMap(here)) {
      here = (Object.hasOwn(here, section) ? here[section] : undefined) ?? null;
    } else {
      here = null;
    }
  }
  if (here === null) {
    return { problem: `invalid path ${path} in rollout` };
  }
  return typeof here === 'object'
    ? { problem: `path ${path} in rollout must terminate in a primitive value` }
    : { value: String(here) };
}
