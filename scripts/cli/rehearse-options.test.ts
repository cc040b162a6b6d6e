import { expect, test } from '@jest/globals';
import { readArguments } from './options.ts';
import { OPTIONS, readOptions } from './rehearse-options.ts';

const read = (...args: string[]) => readOptions(readArguments(OPTIONS, args, true), '/');

test.each([
  ['node server.js', [process.execPath, 'server.js']],
  [`sh -c 'exec "./a b"'`, ['sh', '-c', 'exec "./a b"']],
  ['app --name="two words" ""', ['app', '--name=two words', '']],
])('--command %j is %j', (command, argv) => {
  expect(read('--command', command).argv).toEqual(argv);
});

test.each([
  ['redis://127.0.0.1', 'redis://127.0.0.1:6379'],
  ['redis://127.0.0.1:1', 'redis://127.0.0.1:1'],
  ['postgres://me@db/orders', 'postgres://me@db:5432/orders'],
])('--backend %s has the port of its protocol', (address, whole) => {
  expect(read('--backend', address).backend?.href).toBe(whole);
});

test('several faults of one scenario are set together', () => {
  const { switches } = read('--fault', 'errors=BAD=1', '--fault', 'errors=WORSE=a=b', '--fault', 'slow=X=');
  expect([...switches]).toEqual([
    ['errors', { BAD: '1', WORSE: 'a=b' }],
    ['slow', { X: '' }],
  ]);
});

test('a Prometheus is a path from here, or a name that PATH knows', () => {
  expect([read('--prometheus', 'prometheus').prometheus, read('--prometheus', './p').prometheus]).toEqual([
    'prometheus',
    '/p',
  ]);
});
