/** Where the two formats differ (model/textparse/promlex.l and openmetricslex.l of Prometheus 3, v0.313.2). */
interface Grammar {
  /** What may stand between two tokens. */
  readonly gap: RegExp;
  /** The begin of a metadata line, up to the metric's name. */
  readonly keyword: RegExp;
  /** The rest of such a line. */
  readonly text: RegExp;
  readonly labelValue: RegExp;
  readonly value: RegExp;
  readonly time: RegExp;
}

/** `text/plain`, the classic format. */
export const TEXT: Grammar = {
  gap: /[ \t]*/y,
  keyword: /#[ \t]+(HELP|TYPE)[ \t]+/y,
  text: /[^\n]*/y,
  labelValue: /"(\\[^\n]|[^\\"])*"/y,
  value: /[^{ \t\n]+/y,
  time: /[0-9]+/y,
};

/** `application/openmetrics-text`: exactly one blank between two tokens, and none elsewhere. */
export const OPEN_METRICS: Grammar = {
  gap: /(?:)/y,
  keyword: /# (HELP|TYPE|UNIT) /y,
  text: / [^\n]*/y,
  labelValue: /"(\\[^\n]|[^\\"\n])*"/y,
  value: / [^ \n]+/y,
  time: / (?!# \{)[^ \n]+/y,
};
