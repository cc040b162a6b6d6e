import { type Expression, partsOf } from './ast.ts';
import { tokenize } from './lexer.ts';
import { parseCondition } from './parse.ts';

/** Functions that antonmedv/expr v1.15.5, the language of Argo Rollouts v1.9, does not have. */
const NEW_FUNCTIONS = new Set(
  'uniq flatten concat reverse sortBy timezone bitand bitor bitxor bitnand bitnot bitshl bitshr bitushr'.split(' '),
);
/** Functions that take numbers, and no list, in v1.9. */
const NUMBERS_ONLY = new Set(['min', 'max']);

/** What v1.9 does differently with a condition that parses; undefined for no difference. `isScalar`: the result is one number. */
export function newSinceV110(text: string, isScalar: boolean): string | undefined {
  const tokens = tokenize(text);
  const written = tokens.map(({ offset }, index) => text.slice(offset, tokens[index + 1]?.offset));
  const token = tokens.find(
    ({ kind, text: word }, index) =>
      (kind === 'string' && written[index]?.startsWith('`')) ||
      (kind === 'number' && /^0[bo]/i.test(word)) ||
      (kind === 'operator' && (word === 'if' || word === '::' || (word === '?.' && tokens[index + 1]?.text === '['))),
  );
  if (token !== undefined) {
    const name = token.text === '?.' ? '?.[' : token.text;
    return `${token.kind === 'string' ? 'a text in backquotes' : `'${name}'`} is an Error there`;
  }
  return partsOf(parseCondition(text))
    .map((part) => newPart(part, isScalar))
    .find((found) => found !== undefined);
}

const isListOf = (part: Expression, isScalar: boolean) =>
  part.kind === 'array' || (part.kind === 'identifier' && part.name === 'result' && !isScalar);

function newPart(part: Expression, isScalar: boolean): string | undefined {
  if (part.kind === 'sequence') {
    return "';' without let is an Error there";
  }
  if (part.kind === 'comparison') {
    return 'a comparison of three is an Error there';
  }
  if (part.kind === 'binary' && (part.op === '==' || part.op === '!=')) {
    const isOfLists = isListOf(part.left, isScalar) && isListOf(part.right, isScalar);
    const isWritten = part.left.kind === 'array' || part.right.kind === 'array';
    return isOfLists && isWritten
      ? `'${part.op}' of result and a list is ${part.op === '!='} there, whatever they hold`
      : undefined;
  }
  if (part.kind !== 'call') {
    return undefined;
  }
  const { name, args } = part;
  const isPredicate = args[1]?.kind === 'predicate';
  if (NEW_FUNCTIONS.has(name) || (name === 'sum' && isPredicate) || (name === 'count' && !isPredicate)) {
    return `${name}()${NEW_FUNCTIONS.has(name) ? '' : isPredicate ? ' with a predicate' : ' without a predicate'} is an Error there`;
  }
  if (NUMBERS_ONLY.has(name) && args.some((arg) => isListOf(arg, isScalar))) {
    return `${name}() of a list is an Error there`;
  }
  return /^(mean|median)$/.test(name) && args.length > 1
    ? `${name}() of several arguments is an Error there`
    : undefined;
}
