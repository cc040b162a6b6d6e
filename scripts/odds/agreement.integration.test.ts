import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { text } from 'node:stream/consumers';
import { afterAll, expect, test } from '@jest/globals';
import { main } from '../cli/rehearse.ts';
import { ONE_PAUSE } from '../cli/testing/shortened-scenario.ts';
import { loadManifests } from '../manifest/load.ts';
import { applyPatches } from '../rehearsal/apply-patches.ts';
import { createModel } from '../rehearsal/model/model.ts';
import { readPatches } from '../rehearsal/read-scenario.ts';
import { readWorkload } from '../rehearsal/workload.ts';
import { createTally } from './tally.ts';

const root = new URL('../..', import.meta.url).pathname;
const folder = mkdtempSync(join(tmpdir(), 'agreement-'));
afterAll(() => rmSync(folder, { recursive: true }));

const RELEASES = [
  { failureRatio: 0.01, requestsPerSecond: 20 },
  { failureRatio: 0.1, requestsPerSecond: 50 },
];

test('releases with real processes end as the odds say', async () => {
  const { manifests } = await loadManifests(['workloads/sample-api'], root);
  const patched = applyPatches(manifests, readPatches('one-pause.yaml', ONE_PAUSE));
  const model = createModel(readWorkload('workloads/sample-api', patched));
  const wanted = RELEASES.map((release) => {
    const tally = createTally(model, { ...release, baseline: 0 }, 1);
    tally.play(200);
    const { share } = tally.abort();
    // Only a plain case can be compared with one release.
    expect(share < 0.01 || share > 0.99).toBe(true);
    return share > 0.5 ? 'aborted' : 'promoted';
  });
  expect(new Set(wanted).size).toBe(2);
  const files = RELEASES.map(({ failureRatio, requestsPerSecond }, index) => {
    const file = join(folder, `release-${index}.yaml`);
    writeFileSync(
      file,
      `title: One of many
change: {env: {FAULT_ERROR_RATIO: "${failureRatio}"}}
load: {requestsPerSecond: ${requestsPerSecond}}
expect: {verdict: either}
${ONE_PAUSE}`,
    );
    return file;
  });
  const [out, err] = [new PassThrough(), new PassThrough()];
  const ended = Promise.all([text(out), text(err)]);
  const args = ['--format', 'json', '--report', join(folder, 'report.html'), ...files];
  expect(await main(args, { out, err, cwd: root })).toBe(0);
  out.end();
  err.end();
  const [json] = await ended;
  const got = JSON.parse(json).map(({ outcome }: { outcome: { verdict: string } }) => outcome.verdict);
  expect(got).toEqual(wanted);
});
