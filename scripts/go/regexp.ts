import { RE2JS } from 're2js';

/** A regular expression of Go (RE2). Matching takes time linear in the text, for every expression. */
export interface GoRegexp {
  readonly test: (text: string) => boolean;
  /** The groups of the first match by number or name, undefined where nothing matches; a group that took no part is empty. */
  readonly groups: (text: string) => ((name: string) => string) | undefined;
}

/** Compiles an expression as Go's `regexp` does: it matches anywhere in a text. Throws `SyntaxError` for what RE2 refuses. */
export function compileGoRegexp(pattern: string): GoRegexp {
  return compile(pattern, pattern);
}

/**
 * Compiles an expression as Prometheus does: it must match a whole label value, and `.` matches a line break too.
 * Throws `SyntaxError` for what RE2 refuses.
 */
export function compileLabelRegexp(pattern: string): GoRegexp {
  return compile(pattern, `^(?s:${pattern})$`);
}

/** Cache of compiled expressions: a dashboard has the same one in every panel. Cleared when it holds 1000. */
const compiled = new Map<string, GoRegexp>();

function compile(pattern: string, whole: string): GoRegexp {
  const known = compiled.get(whole);
  if (known !== undefined) {
    return known;
  }
  try {
    // Compiled alone first: a closing bracket too many would otherwise match the bracket that anchoring adds.
    RE2JS.compile(pattern);
    const regexp = RE2JS.compile(whole);
    const made: GoRegexp = { test: (text) => regexp.test(text), groups: (text) => groupsOf(regexp, text) };
    if (compiled.size >= 1000) {
      compiled.clear();
    }
    compiled.set(whole, made);
    return made;
  } catch (cause) {
    const message = cause instanceof Error ? cause.message : String(cause);
    throw new SyntaxError(message.replace('error parsing regexp: ', '').replace(/`(.*)`$/s, "'$1'"), { cause });
  }
}

function groupsOf(regexp: RE2JS, text: string): ((name: string) => string) | undefined {
  const matcher = regexp.matcher(text);
  if (!matcher.find()) {
    return undefined;
  }
  const names = regexp.namedGroups();
  return (name) => {
    const isNumber = /^\d+$/.test(name);
    const isKnown = isNumber ? Number(name) <= regexp.groupCount() : Object.hasOwn(names, name);
    return (isKnown ? matcher.group(isNumber ? Number(name) : name) : null) ?? '';
  };
}
