import { ARGO_FUNCTIONS } from './argo-functions.ts';
import { LIST_FUNCTIONS } from './list-functions.ts';
import { NUMBER_FUNCTIONS } from './number-functions.ts';
import type { Overload } from './signature.ts';
import { TEXT_FUNCTIONS } from './text-functions.ts';
import { TIME_FUNCTIONS } from './time-functions.ts';

/** The functions of expr v1.17.7 and Argo's own, each as it may be called; those with predicates and `get` apart. */
export const FUNCTIONS: ReadonlyMap<string, readonly Overload[]> = Map.groupBy(
  [...ARGO_FUNCTIONS, ...NUMBER_FUNCTIONS, ...LIST_FUNCTIONS, ...TEXT_FUNCTIONS, ...TIME_FUNCTIONS],
  ({ name }) => name,
);
