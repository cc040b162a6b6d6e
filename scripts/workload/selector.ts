import { isMap, type Json, type JsonMap, listAt, mapAt, textAt } from '../manifest/json.ts';

/**
 * Whether `labels` has every label of a plain selector, such as a Service's. An empty selector matches nothing: the endpoints of
 * a Service without selector are made by hand.
 */
export function labelsMatch(selector: JsonMap, labels: JsonMap): boolean {
  const wanted = Object.entries(selector);
  return wanted.length > 0 && wanted.every(([key, value]) => labels[key] === value);
}

/** Whether a Kubernetes label selector (`matchLabels`, `matchExpressions`) matches: an empty one always, a missing one never. */
export function selectorMatches(selector: Json | undefined, labels: JsonMap): boolean {
  if (!isMap(selector)) {
    return false;
  }
  const expressions = listAt(selector, ['matchExpressions']);
  return (
    Object.entries(mapAt(selector, ['matchLabels'])).every(([key, value]) => labels[key] === value) &&
    expressions.every((expression) => {
      const key = textAt(expression, ['key']) ?? '';
      const values = listAt(expression, ['values']);
      const value = labels[key];
      switch (textAt(expression, ['operator'])) {
        case 'In':
          return value !== undefined && values.includes(value);
        case 'NotIn':
          return value === undefined || !values.includes(value);
        case 'Exists':
          return value !== undefined;
        case 'DoesNotExist':
          return value === undefined;
        default:
          return false;
      }
    })
  );
}
