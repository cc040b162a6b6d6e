import { ARGO_FUNCTIONS } from './argo-functions.ts';
import type { ConditionFunction } from './condition-function.ts';
import { LIST_FUNCTIONS } from './list-functions.ts';
import { NUMBER_FUNCTIONS } from './number-functions.ts';
import { TEXT_FUNCTIONS } from './text-functions.ts';
import { TEXT_PIECE_FUNCTIONS } from './text-piece-functions.ts';

/** The functions of antonmedv/expr v1.15.5 that numbers and lists have a use for, and Argo's own; those with closures apart. */
export const FUNCTIONS: ReadonlyMap<string, ConditionFunction> = new Map([
  ...ARGO_FUNCTIONS,
  ...NUMBER_FUNCTIONS,
  ...LIST_FUNCTIONS,
  ...TEXT_FUNCTIONS,
  ...TEXT_PIECE_FUNCTIONS,
]);
