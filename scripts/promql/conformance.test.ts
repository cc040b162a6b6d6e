import { describe, expect, test } from '@jest/globals';
import { PromqlError, PromqlSyntaxError } from './errors.ts';
import { evaluatePromql, type PromqlResult } from './evaluate.ts';
import { type Labels, labelsKey } from './labels.ts';
import { parsePromql } from './parse.ts';
import { createSeriesStore } from './store.ts';
import vectors from './testdata/promql.json' with { type: 'json' };

/** As the file says in `description`: numbers that JSON lacks are strings. */
type JsonNumber = number | 'NaN' | '+Inf' | '-Inf';

interface Case {
  readonly id: string;
  readonly load?: readonly {
    readonly series: Readonly<Record<string, string>>;
    readonly samples: readonly (readonly [timeSeconds: number, value: JsonNumber | 'stale'])[];
  }[];
  readonly query: string;
  readonly time: number;
  readonly result?: {
    readonly type: string;
    readonly vector?: readonly { readonly labels: Readonly<Record<string, string>>; readonly value: JsonNumber }[];
    readonly scalar?: JsonNumber;
  };
  readonly error?: string;
}

/** Answers of Prometheus v0.313.2 itself; the `prom2` alternates in it are those of 2.54 and not for us. */
const cases = vectors.cases as unknown as readonly Case[];

const RELATIVE_TOLERANCE = 1e-9;

function numberOf(value: JsonNumber): number {
  return typeof value === 'number' ? value : Number(value.replace('Inf', 'Infinity'));
}

function labelsOf(record: Readonly<Record<string, string>>): Labels {
  return new Map(Object.entries(record));
}

function evaluate({ load = [], query, time }: Case): PromqlResult {
  const series = load.map(({ series: labels, samples }) => ({
    labels: labelsOf(labels),
    samples: samples.map(([timeSeconds, value]) => ({
      timeSeconds,
      value: value === 'stale' ? value : numberOf(value),
    })),
  }));
  return evaluatePromql(parsePromql(query), createSeriesStore(series), time);
}

/** The actual number where it is close enough to the expected one, so that `toEqual` shows what is not. */
function settle(actual: number | undefined, expected: number): number | undefined {
  if (actual === undefined) return undefined;
  return Math.abs(actual - expected) <= RELATIVE_TOLERANCE * Math.abs(expected) ? expected : actual;
}

describe('evaluatePromql answers as Prometheus 3 does', () => {
  test.each(cases)('$id: $query at $time', (given) => {
    const { result: expected, query } = given;
    if (expected === undefined) {
      let thrown: unknown;
      try {
        evaluate(given);
      } catch (error) {
        thrown = error;
      }
      expect(thrown instanceof PromqlSyntaxError || thrown instanceof PromqlError).toBe(true);
      return;
    }
    const actual = evaluate(given);
    expect(actual.type).toBe(expected.type);
    if (actual.type === 'scalar') {
      const value = numberOf(expected.scalar ?? 'NaN');
      expect(settle(actual.value, value)).toEqual(value);
    }
    if (actual.type !== 'vector') return;
    const wanted = (expected.vector ?? []).map(({ labels, value }) => ({
      key: labelsKey(labelsOf(labels)),
      value: numberOf(value),
    }));
    const found = actual.samples.map(({ labels, value }) => ({ key: labelsKey(labels), value }));
    if (!/^sort/.test(query)) {
      for (const list of [wanted, found]) list.sort((left, right) => (left.key < right.key ? -1 : 1));
    }
    const settled = found.map(({ key, value }, index) => ({ key, value: settle(value, wanted[index]?.value ?? 0) }));
    expect(settled).toEqual(wanted);
  });
});
