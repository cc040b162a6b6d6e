import type { Matcher } from '../promql/matcher.ts';

/** Returns the value that a pod's series have for a label so that matchers hold, `''` for no such label; undefined where none can. */
export type LabelValue = (label: string, matchers: readonly Matcher[]) => string | undefined;

/** What is known of the labels of one version's series. */
export interface PodLabels {
  /** Those of its scrape and of the pod itself, as Prometheus writes them. */
  readonly labels: ReadonlyMap<string, string>;
  /**
   * Who decides a label: a scrape that is in the files, so that it has no other value than in `labels`; the app, which does not know
   * which version it is; or somebody who is not in the files, so that it may say anything.
   */
  readonly sourceOf: (label: string) => 'scrape' | 'app' | 'unknown';
  /** What a value says that means this version alone, and what one says that means the other. */
  readonly own: VersionWords;
  readonly other: VersionWords;
  /** The app's name, which may hold such a word and means both. */
  readonly name: string;
}

export interface VersionWords {
  /** The hash, the Service. */
  readonly exact: readonly string[];
  readonly pattern: RegExp;
}

export const CANARY_WORDS = /canary|preview|latest/i;
export const STABLE_WORDS = /stable|primary|baseline/i;

/**
 * The labels that a query asks for, as far as they can be assumed: a pod's own value where it fits, else one that the matchers name, for
 * the version that it names.
 */
export function createLabelValue({ labels, sourceOf, own, other, name }: PodLabels): LabelValue {
  const says = ({ exact, pattern }: VersionWords, value: string) =>
    exact.some((word) => word !== '' && value.includes(word)) || pattern.test(value.replaceAll(name, ''));
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
      .find((value) => fits(value) && !says(other, value) && !(source === 'app' && says(own, value)));
  };
}

/** More than any regular expression of a query names. */
const MOST_EXAMPLES = 64;

/** A few texts that a regular expression may match: its alternatives, with the least that each repetition takes. */
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
    .replace(/(^|[^\\])\.\+?\??/g, '$1x')
    .replace(/\\(.)/g, '$1');
}
