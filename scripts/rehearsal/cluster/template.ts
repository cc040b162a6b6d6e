import { readFileSync } from 'node:fs';
import { type Json, type JsonMap, mapAt } from '../../manifest/json.ts';
import { parseYaml } from '../../manifest/yaml.ts';

/** The objects of a YAML file in this folder, put in a namespace. Each text `<NAME>` in it is replaced by the value of that name. */
export function fillTemplate(
  file: string,
  namespace: string,
  values: Readonly<Record<string, Json>>,
): readonly JsonMap[] {
  const { documents } = parseYaml(readFileSync(new URL(file, import.meta.url), 'utf8'));
  return documents.map((document) => {
    const object: JsonMap = JSON.parse(JSON.stringify(document.toJS()), (_, value) => {
      const [, name = ''] = /^<([A-Z]+)>$/.exec(value) ?? [];
      return values[name] ?? value;
    });
    return { ...object, metadata: { ...mapAt(object, ['metadata']), namespace } };
  });
}
