import { existsSync, readFileSync } from 'node:fs';
import { expect } from '@jest/globals';
import { playRollout } from '../../cli/models.ts';
import { parseExposition } from '../../exposition/parse.ts';
import type { Manifest } from '../../manifest/manifest.ts';
import { readSource } from '../../manifest/read-source.ts';
import { type Checked, checkManifests } from '../check.ts';
import { type Answer, type Live, metricsOf } from '../live.ts';

/** The folder of the rules' examples: one file a rule in `ok/`, one in `bad/`. */
export const EXAMPLES = new URL('../testdata/', import.meta.url);

/** The name of a rule's example, without its ending: `query/window` → `query-window`. */
export const exampleOf = (id: string) => id.replace('/', '-');

/** What is found in a rule's example. Gates are played for the rules that ask how they end, and an instance asked for those that need one. */
export function checkExample(kind: 'ok' | 'bad', id: string): Promise<Checked> {
  const file = `${kind}/${exampleOf(id)}.yaml`;
  const { manifests, notes, errors } = readSource({
    file: `scripts/rules/testdata/${file}`,
    text: readFileSync(new URL(file, EXAMPLES), 'utf8'),
  });
  expect([...notes, ...errors]).toEqual([]);
  return checkManifests(manifests, {
    origin: 'git@github.com:acme/shop.git',
    ...(id.startsWith('gate/') ? { play: (rollout: Manifest) => playRollout(rollout, manifests) } : {}),
    ...(id.startsWith('live/') ? { askLive: async () => recordedLive(kind, id) } : {}),
  });
}

/** What a running instance answered once; a rule's own recording stands beside its file. */
function recordedLive(kind: string, id: string): Live {
  const own = new URL(`${kind}/${exampleOf(id)}.metrics`, EXAMPLES);
  const recording = readFileSync(existsSync(own) ? own : new URL('live.metrics', EXAMPLES), 'utf8');
  return {
    address: 'http://localhost:8080',
    answers: new Map<string, Answer>([
      ['/metrics', 200],
      ['/readyz', 200],
      ['/livez', 200],
      ['/healthz', 404],
      ['/slow', 503],
      ['/gone', 'ECONNREFUSED'],
      ['/prometheus', 404],
      ['/html', 200],
    ]),
    unreadable: new Map([['/html', "line 1: unexpected '<'"]]),
    metrics: metricsOf(parseExposition(recording, 'text/plain; version=0.0.4')),
  };
}
