import { type JsonMap, listAt, mapAt, numberAt } from '../manifest/json.ts';

const UNITS: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600 };

/** Seconds that a container's preStop hook sleeps: by its `sleep` action, and by each `sleep` command in its `exec`. */
export function preStopSeconds(container: JsonMap): number {
  const hook = mapAt(container, ['lifecycle', 'preStop']);
  const command = listAt(hook, ['exec', 'command']).map(String).join(' ');
  return [...command.matchAll(/(?:^|[\s/;&])sleep\s+(\d+(?:\.\d+)?)([smh]?)\b/g)].reduce(
    (sum, [, number, unit = '']) => sum + Number(number) * (UNITS[unit] ?? 1),
    numberAt(hook, ['sleep', 'seconds']) ?? 0,
  );
}
