import { type Expression, partsOf } from './ast.ts';
import { type Token, tokenize } from './lexer.ts';
import { parseCondition } from './parse.ts';

/** Functions that antonmedv/expr v1.15.5, the language of Argo Rollouts v1.9, does not have. */
const NEW_FUNCTIONS = new Set(
  'uniq flatten concat reverse sortBy timezone bitand bitor bitxor bitnand bitnot bitshl bitshr bitushr'.split(' '),
);

/** What v1.9 does differently with a condition that parses; undefined for no difference. `isScalar`: the result is one number. */
export function newSinceV110(text: string, isScalar: boolean): string | undefined {
  const tokens = tokenize(text);
  const parts = partsOf(parseCondition(text));
  const [error] = [
    ...tokens.map((token, index) => newToken(text, token, tokens[index + 1])),
    ...parts.map((part) => newPart(part, isScalar)),
  ].filter((one) => one !== undefined);
  if (error !== undefined) {
    return `${error} is an Error there`;
  }
  const [op] = parts.flatMap((part) => (part.kind === 'binary' && isOfLists(part, isScalar) ? [part.op] : []));
  return op && `'${op}' of result and a list is ${op === '!='} there, whatever they hold`;
}

function newToken(source: string, { kind, text, offset }: Token, next: Token | undefined): string | undefined {
  if (kind === 'string') {
    return source.charAt(offset) === '`' ? 'a text in backquotes' : undefined;
  }
  const written = text === '?.' && next?.text === '[' ? '?.[' : text;
  return kind !== 'identifier' && /^(0[bo].*|if|::|\?\.\[)$/i.test(written) ? `'${written}'` : undefined;
}

function newPart(part: Expression, isScalar: boolean): string | undefined {
  if (part.kind !== 'call') {
    return { sequence: "';' without let", comparison: 'a comparison of three' }[part.kind as string];
  }
  const { name, args } = part;
  const isPredicate = args[1]?.kind === 'predicate';
  if (NEW_FUNCTIONS.has(name)) {
    return `${name}()`;
  }
  if ((name === 'sum' && isPredicate) || (name === 'count' && !isPredicate)) {
    return `${name}() ${isPredicate ? 'with' : 'without'} a predicate`;
  }
  if (/^(min|max)$/.test(name) && args.some((arg) => isList(arg, isScalar))) {
    return `${name}() of a list`;
  }
  return /^(mean|median)$/.test(name) && args.length > 1 ? `${name}() of several arguments` : undefined;
}

const isList = (part: Expression, isScalar: boolean) =>
  part.kind === 'array' || (part.kind === 'identifier' && part.name === 'result' && !isScalar);

function isOfLists({ op, left, right }: Extract<Expression, { kind: 'binary' }>, isScalar: boolean): boolean {
  const isWritten = left.kind === 'array' || right.kind === 'array';
  return /^[=!]=$/.test(op) && isWritten && isList(left, isScalar) && isList(right, isScalar);
}
