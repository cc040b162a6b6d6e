import protobuf from 'protobufjs/light.js';
import snappy from 'snappyjs';
import type { Labels } from '../../promql/labels.ts';
import type { SeriesSample } from '../../promql/store.ts';

/** A sample to send to Prometheus, with the labels of its series. */
export interface RemoteSample {
  readonly labels: Labels;
  readonly sample: SeriesSample;
}

/** The fields used here of Prometheus' remote write 1.0, `prompb/remote.proto`. */
const { WriteRequest } = protobuf.Root.fromJSON({
  nested: {
    WriteRequest: { fields: { timeseries: { rule: 'repeated', type: 'TimeSeries', id: 1 } } },
    TimeSeries: {
      fields: {
        labels: { rule: 'repeated', type: 'Label', id: 1 },
        samples: { rule: 'repeated', type: 'Sample', id: 2 },
      },
    },
    Label: { fields: { name: { type: 'string', id: 1 }, value: { type: 'string', id: 2 } } },
    // `value` is a double in the protocol. As fixed64, its bits can be set: JavaScript does not preserve those of the stale NaN.
    Sample: { fields: { value: { type: 'fixed64', id: 1 }, timestamp: { type: 'int64', id: 2 } } },
  },
}).nested as { readonly WriteRequest: protobuf.Type };

/** `StaleNaN` of prometheus `model/value/value.go`. */
const STALE = { low: 2, high: 0x7ff00000, unsigned: true };

/** A body for `POST /api/v1/write`; `shiftSeconds` is added to every timestamp. */
export function encodeRemoteWrite(samples: readonly RemoteSample[], shiftSeconds: number): Uint8Array<ArrayBuffer> {
  const timeseries = samples.map(({ labels, sample: { timeSeconds, value } }) => ({
    labels: [...labels]
      .filter(([, text]) => text !== '')
      .sort(([left], [right]) => (left < right ? -1 : 1))
      .map(([name, text]) => ({ name, value: text })),
    samples: [{ value: bitsOf(value), timestamp: Math.round((timeSeconds + shiftSeconds) * 1000) }],
  }));
  return new Uint8Array(snappy.compress(WriteRequest.encode({ timeseries }).finish()));
}

function bitsOf(value: SeriesSample['value']): { readonly low: number; readonly high: number } {
  if (value === 'stale') {
    return STALE;
  }
  const view = new DataView(new ArrayBuffer(8));
  view.setFloat64(0, value);
  return { high: view.getInt32(0), low: view.getInt32(4) };
}
