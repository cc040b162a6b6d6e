import type { Matcher } from '../promql/matcher.ts';

/**
 * Returns a value of the label with which a pod's series satisfies all matchers; `''` means that the series lacks the label. Undefined
 * where no value that the series can have satisfies them.
 */
export type LabelValue = (label: string, matchers: readonly Matcher[]) => string | undefined;

/** What is known of the labels of one version's series. */
export interface PodLabels {
  /** The labels that a scrape adds, and those of the pod, by the names that Prometheus gives them. */
  readonly labels: ReadonlyMap<string, string>;
  /**
   * Where a label comes from. `scrape`: from a monitor among the manifests, so its value is the one in `labels`. `app`: the app exposes
   * it, so its value cannot name the version. `unknown`: nothing in the manifests tells, so any value is possible.
   */
  readonly sourceOf: (label: string) => 'scrape' | 'app' | 'unknown';
  /** Texts in a label's value that name this version, and texts that name the other version. */
  readonly own: VersionWords;
  readonly other: VersionWords;
  /** The app's name. A word in it, such as `canary`, names no version. */
  readonly name: string;
}

export interface VersionWords {
  /** The version's template hash, the name of its Service. */
  readonly exact: readonly string[];
  readonly pattern: RegExp;
}

export const CANARY_WORDS = /canary|preview|latest/i;
export const STABLE_WORDS = /stable|primary|baseline/i;

/**
 * Chooses label values for the series of one version's pods. The known value is taken where it satisfies the matchers. Otherwise a value
 * is made from the matchers' own texts, unless that text names the other version.
 */
export function createLabelValue({ labels, sourceOf, own, other, name }: PodLabels): LabelValue {
  const longestIn = (value: string, { exact }: VersionWords) =>
    exact.reduce((longest, word) => (value.includes(word) && word.length > longest.length ? word : longest), '');
  // A Service may be named after the other version's, `app-canary` after `app`: the longer name in a value is the one meant.
  const meant = (value: string): 'own' | 'other' | undefined => {
    const [ownWord, otherWord] = [longestIn(value, own), longestIn(value, other)];
    const rest = value.replaceAll(ownWord.length > otherWord.length ? ownWord : otherWord, '').replaceAll(name, '');
    if (other.pattern.test(rest)) {
      return 'other';
    }
    if (own.pattern.test(rest) || ownWord.length > otherWord.length) {
      return 'own';
    }
    return ownWord === otherWord ? undefined : 'other';
  };
  return (label, matchers) => {
    const fits = (value: string) => matchers.every(({ matches }) => matches(value));
    const natural = labels.get(label) ?? '';
    if (fits(natural)) {
      return natural;
    }
    const source = sourceOf(label);
    if (source === 'scrape') {
      return undefined;
    }
    return matchers
      .flatMap(({ op, value }) => (op === '=~' ? examplesOf(value) : op === '=' ? [value] : ['other']))
      .find((value) => fits(value) && meant(value) !== 'other' && !(source === 'app' && meant(value) === 'own'));
  };
}

/** `examplesOf` stops at this number of texts. */
const MOST_EXAMPLES = 64;

/** Texts that a regular expression may match: one for each alternative, every repetition as short as it may be. */
export function examplesOf(regexp: string): readonly string[] {
  let texts = [regexp.replace(/^\^|\$$/g, '')];
  for (;;) {
    const opened = texts.flatMap((text) => {
      const [whole, inner = ''] = /\((?:\?:)?([^()]*)\)[*+?]?/.exec(text) ?? [];
      return whole === undefined ? [text] : inner.split('|').map((part) => text.replace(whole, () => part));
    });
    if (opened.length === texts.length || opened.length > MOST_EXAMPLES) {
      break;
    }
    texts = opened;
  }
  return texts.flatMap((text) => text.split('|')).map(leastOf);
}

function leastOf(text: string): string {
  return text
    .replace(/\[(\^?)(.)[^\]]*\](?:[+*?]|\{[^}]*\})?/g, (_, not: string, first: string) => (not === '' ? first : 'x'))
    .replace(/\\d[+*?]?/g, '1')
    .replace(/\\[wS][+*?]?/g, 'x')
    .replace(/(^|[^\\])\.\*\??/g, '$1')
    .replace(/(^|[^\\])\.\+\??/g, '$1x')
    .replace(/\\(.)/g, '$1');
}
