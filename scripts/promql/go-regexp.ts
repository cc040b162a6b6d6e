import { type Translated, translateClass, translateEscape } from './go-regexp-class.ts';

const MAX_REPEAT = 1000;

/**
 * Flags such as `(?i)` hold until their group ends and over each `|` there, which JavaScript cannot say. So they are
 * wrapped around every alternative that follows; this keeps the wrappers open in each group, outermost first.
 */
type OpenFlags = string[][];

function closing(open: readonly string[]): string {
  return ')'.repeat(open.length);
}

/** The `(`, `(?:`, `(?P<name>` or `(?flags)` that `rest` begins with. */
function translateGroup(rest: string, flags: OpenFlags): Translated {
  const [all, name, modifiers = '', end] = /^\((?:\?(?:P?<(\w+)>|([imsU]*(?:-[imsU]+)?)([:)])))?/.exec(rest) ?? ['('];
  if (modifiers.includes('U') || (all === '(' && rest[1] === '?')) {
    throw new SyntaxError(`invalid or unsupported Perl syntax: '${rest.slice(0, 3)}'`);
  }
  if (end === ')') {
    if (modifiers === '') return ['', all.length];
    flags.at(-1)?.push(modifiers);
    return [`(?${modifiers}:`, all.length];
  }
  flags.push([]);
  return [name === undefined ? all : `(?<${name}>`, all.length];
}

/** A brace is a count only in the form of one; otherwise RE2 takes it for itself. */
function translateBrace(rest: string): Translated {
  const count = /^\{\d+(,\d*)?\}/.exec(rest)?.[0];
  if (count === undefined) return ['\\{', 1];
  if (count.match(/\d+/g)?.some((times) => Number(times) > MAX_REPEAT)) {
    throw new SyntaxError(`invalid repeat count: '${count}'`);
  }
  return [count, count.length];
}

function translateNext(rest: string, flags: OpenFlags): Translated {
  const open = flags.at(-1) ?? [];
  const quoted = /^\\Q(.*?)(?:\\E|$)/s.exec(rest);
  if (quoted) return [(quoted[1] ?? '').replace(/[\^$\\.*+?()[\]{}|/]/g, '\\$&'), quoted[0].length];
  switch (rest[0]) {
    case '\\':
      return translateEscape(rest, false);
    case '[':
      return translateClass(rest);
    case '(':
      return translateGroup(rest, flags);
    case ')':
      if (flags.length === 1) throw new SyntaxError("unexpected ')'");
      flags.pop();
      return [`${closing(open)})`, 1];
    case '|':
      return [`${closing(open)}|${open.map((modifiers) => `(?${modifiers}:`).join('')}`, 1];
    case '{':
      return translateBrace(rest);
    case '}':
    case ']':
      return [`\\${rest[0]}`, 1];
    default:
      return [rest[0] ?? '', 1];
  }
}

/**
 * RE2 syntax, which Prometheus speaks, as the source of a JavaScript expression with flags `s` and `u`.
 * Throws `SyntaxError` for what RE2 refuses (look-around, backreferences), and for the few things in it that JavaScript
 * lacks: the flag `U`, `[[:^alpha:]]`, repeated assertions such as `^*`. https://github.com/google/re2/wiki/Syntax
 */
export function translateGoRegexp(pattern: string): string {
  const flags: OpenFlags = [[]];
  let text = '';
  for (let at = 0; at < pattern.length; ) {
    const [translated, length] = translateNext(pattern.slice(at), flags);
    text += translated;
    at += length;
  }
  return `${text}${closing(flags.at(-1) ?? [])}`;
}

/** The expression that matches a whole label value, as Prometheus anchors every one of its regular expressions. */
export function compileGoRegexp(pattern: string): RegExp {
  return new RegExp(`^(?:${translateGoRegexp(pattern)})$`, 'su');
}
