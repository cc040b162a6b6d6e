import type { LexerRules } from './lexer.ts';

// The token rules of Prometheus 3 (model/textparse/promlex.l and openmetricslex.l, v0.313.2), state by state.

const BLANK = { pattern: /[ \t]+/y, type: 'blank' } as const;
const NAME = { pattern: /[a-zA-Z_:][a-zA-Z_:0-9]*/y, type: 'name' } as const;
const QUOTED = /"(\\[^\n\0]|[^\\"\0])*"/y;
/** The value of a label may hold a zero byte, a name may not. */
const QUOTED_VALUE = /"(\\[^\n]|[^\\"])*"/y;
const QUOTED_LINE = /"(\\[^\n]|[^\\"\n])*"/y;
const LINEBREAK = { pattern: /\n/y, type: 'linebreak', next: 'initial' } as const;
const OPEN = { pattern: /\{/y, type: 'open', next: 'labels' } as const;

const IN_BRACES = [
  { pattern: /[a-zA-Z_][a-zA-Z_0-9]*/y, type: 'label' },
  { pattern: /,/y, type: 'comma' },
] as const;

/** `text/plain`, the classic format. */
export const TEXT: LexerRules = {
  initial: [
    LINEBREAK,
    BLANK,
    { pattern: /#[ \t]+/y, type: 'blank', next: 'comment' },
    { pattern: /#(?![ \t])[^\n\0]*/y, type: 'comment' },
    { ...NAME, next: 'value' },
    OPEN,
  ],
  comment: [
    { pattern: /HELP[\t ]+/y, type: 'help', next: 'metaName' },
    { pattern: /TYPE[\t ]+/y, type: 'type', next: 'metaName' },
    { pattern: /(?!HELP[\t ]|TYPE[\t ])[^\n\0]*/y, type: 'comment', next: 'initial' },
  ],
  metaName: [BLANK, { pattern: QUOTED, type: 'name', next: 'metaText' }, { ...NAME, next: 'metaText' }],
  metaText: [BLANK, { pattern: /[^\n]*/y, type: 'text', next: 'initial' }],
  value: [BLANK, OPEN, { pattern: /[^{ \t\n]+/y, type: 'value', next: 'timestamp' }],
  labels: [
    BLANK,
    ...IN_BRACES,
    { pattern: QUOTED, type: 'quoted' },
    { pattern: /\}/y, type: 'close', next: 'value' },
    { pattern: /=/y, type: 'equal', next: 'labelValue' },
  ],
  labelValue: [BLANK, { pattern: QUOTED_VALUE, type: 'labelValue', next: 'labels' }],
  timestamp: [BLANK, LINEBREAK, { pattern: /[0-9]+/y, type: 'timestamp' }],
};

/** `application/openmetrics-text`: exactly one blank between two tokens, and none elsewhere. */
export const OPEN_METRICS: LexerRules = {
  initial: [{ pattern: /# /y, type: 'blank', next: 'comment' }, { ...NAME, next: 'value' }, OPEN],
  comment: [
    { pattern: /HELP /y, type: 'help', next: 'metaName' },
    { pattern: /TYPE /y, type: 'type', next: 'metaName' },
    { pattern: /UNIT /y, type: 'unit', next: 'metaName' },
    { pattern: /EOF\n?/y, type: 'eofWord', next: 'initial' },
  ],
  metaName: [
    { pattern: QUOTED, type: 'name', next: 'metaText' },
    { ...NAME, next: 'metaText' },
  ],
  metaText: [{ pattern: / [^\n]*\n/y, type: 'text', next: 'initial' }],
  value: [OPEN, { pattern: / [^ \n]+/y, type: 'value', next: 'timestamp' }],
  labels: [
    ...IN_BRACES,
    { pattern: QUOTED, type: 'quoted' },
    { pattern: /\}/y, type: 'close', next: 'value' },
    { pattern: /=/y, type: 'equal', next: 'labelValue' },
  ],
  labelValue: [{ pattern: QUOTED_LINE, type: 'labelValue', next: 'labels' }],
  timestamp: [
    { pattern: / # \{/y, type: 'exemplar', next: 'exemplar' },
    { pattern: / [^ \n]+/y, type: 'timestamp' },
    LINEBREAK,
  ],
  exemplar: [
    ...IN_BRACES,
    { pattern: QUOTED_LINE, type: 'quoted' },
    { pattern: /\}/y, type: 'close', next: 'exemplarValue' },
    { pattern: /=/y, type: 'equal', next: 'exemplarValue' },
  ],
  exemplarValue: [
    { pattern: QUOTED_LINE, type: 'labelValue', next: 'exemplar' },
    { pattern: / [^ \n]+/y, type: 'value', next: 'exemplarTimestamp' },
  ],
  exemplarTimestamp: [{ pattern: / [^ \n]+/y, type: 'timestamp' }, LINEBREAK],
};
