/**
 * The type of a value at compile time. `any` is Go's `interface {}`: every type is assignable to it. `unknown` is a type that expr's
 * checker could not find out: no type is assignable to it. Values of both are checked at run time.
 */
export type Type =
  | 'any'
  | 'unknown'
  | 'nil'
  | 'bool'
  | 'int'
  | 'int64'
  | 'float'
  | 'string'
  | 'duration'
  | 'time'
  | 'location'
  | 'weekday'
  | 'month'
  | MapType
  | ListType;

/** A map with texts as keys; one with any keys, from `fromPairs`; one with any keys and lists as values, from `groupBy`. */
export type MapType = 'map' | 'pairs map' | 'groups';

/** Go's type of a list's elements. `toPairs` returns `[][2]interface {}`: a list of `pair`, each of which is a list of `half`. */
export type ElementType = 'any' | 'float' | 'int' | 'string' | 'pair' | 'half';

interface ListType {
  readonly list: ElementType;
  /** The type of the elements as far as the checker knows it. */
  readonly element: Type;
}

/** Go's name and kind of each type, where they are not ours. */
const GO_TYPES: Readonly<Record<string, readonly [name: string, kind: string]>> = {
  any: ['interface {}', 'interface'],
  nil: ['unknown', 'invalid'],
  unknown: ['unknown', 'invalid'],
  float: ['float64', 'float'],
  duration: ['time.Duration', 'int64'],
  time: ['time.Time', 'struct'],
  location: ['*time.Location', 'pointer'],
  weekday: ['time.Weekday', 'int'],
  month: ['time.Month', 'int'],
  pair: ['[2]interface {}', 'array'],
  map: ['map[string]interface {}', 'map'],
  'pairs map': ['map[interface {}]interface {}', 'map'],
  groups: ['map[interface {}][]interface {}', 'map'],
};

/** A type as Go prints it. */
export function formatType(type: Type | ElementType): string {
  if (isList(type)) {
    return type.list === 'half' ? formatType('pair') : `[]${formatType(type.list)}`;
  }
  return GO_TYPES[type]?.[0] ?? type;
}

/** Go's kind of a type. The elements of a list literal have a common type only if they are all of one kind. */
export const kindOf = (type: Type) => (isList(type) ? 'slice' : (GO_TYPES[type]?.[1] ?? type));
export const isList = (type: Type | ElementType): type is ListType => typeof type === 'object';
export const isMap = (type: Type): type is MapType => type === 'map' || type === 'pairs map' || type === 'groups';
export const isUndecided = (type: Type) => type === 'any' || type === 'unknown';
export const isInteger = (type: Type) => type === 'int' || type === 'int64';
export const isNumeric = (type: Type) => isInteger(type) || type === 'float';
/** Go's named integers: some functions take them as integers, no operator does. */
export const isNamedInteger = (type: Type) => type === 'duration' || type === 'weekday' || type === 'month';

/** A list whose Go type is `list` and whose elements the checker knows as `element`. */
export const listOf = (
  list: ElementType,
  element: Type = list === 'pair' || list === 'half' ? 'any' : list,
): ListType => ({ list, element });

/** Whether a value of one type may stand where Go declares the other. */
export function isAssignable(type: Type, declared: Type): boolean {
  if (type === 'nil') {
    return declared === 'any' || declared === 'location' || isMap(declared) || isList(declared);
  }
  return (
    type !== 'unknown' && declared !== 'unknown' && (declared === 'any' || formatType(type) === formatType(declared))
  );
}

/** The type of a conditional with these two branches: beside nil, the other one; `unknown` if `first` is not assignable to `second`. */
export function typeOfEither(first: Type, second: Type): Type {
  if (first === 'nil' || second === 'nil') {
    return first === 'nil' ? second : first;
  }
  if (!isAssignable(first, second)) {
    return 'unknown';
  }
  const areLists = isList(first) && isList(second);
  const areAlike =
    areLists && isAssignable(first.element, second.element) && isAssignable(second.element, first.element);
  return areLists && !areAlike ? listOf('any') : first;
}

/** Whether `==` takes these types. */
export function isComparable(left: Type, right: Type): boolean {
  return (
    [left, right].some((type) => type === 'nil' || isUndecided(type)) ||
    (isNumeric(left) && isNumeric(right)) ||
    (isList(left) && isList(right)) ||
    isAssignable(left, right)
  );
}
