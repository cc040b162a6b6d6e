import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { PassThrough } from 'node:stream';
import { text } from 'node:stream/consumers';
import { afterEach, describe, expect, test } from '@jest/globals';
import { main } from './verify.ts';

const root = new URL('../..', import.meta.url).pathname;
const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) {
    rmSync(folder, { recursive: true });
  }
});

/** A folder with these files. */
function folderOf(files: Readonly<Record<string, string | Buffer>>): string {
  const folder = mkdtempSync(join(tmpdir(), 'verify-'));
  folders.push(folder);
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), content);
  }
  return folder;
}

async function verify(args: readonly string[], cwd = root, input = '') {
  const [out, err, stdin] = [new PassThrough(), new PassThrough(), new PassThrough()];
  stdin.end(input);
  const exit = await main(args, { out, err, cwd, input: stdin });
  out.end();
  err.end();
  return { exit, out: await text(out), err: await text(err) };
}

const pdb = (value: string) =>
  `apiVersion: policy/v1\nkind: PodDisruptionBudget\nmetadata:\n  name: shop\nspec:\n  minAvailable: ${value}\n  unhealthyPodEvictionPolicy: AlwaysAllow\n  selector:\n    matchLabels:\n      app: shop\n`;

describe('verify', () => {
  test('says nothing of this repository', async () => {
    expect(await verify([])).toEqual({ exit: 0, out: '', err: '' });
  });

  test('prints a finding with its place, why and fix', async () => {
    const cwd = folderOf({ 'pdb.yaml': pdb('50%') });
    const { exit, out } = await verify(['.', '--strict'], cwd);
    expect(exit).toBe(1);
    expect(out).toMatch(
      /^pdb\.yaml:6:17: warning: minAvailable .* \[pdb\/percentage\]\n {4}at: {2}spec\.minAvailable\n {4}why: .*\.\n {4}fix: .*\.\n$/,
    );
  });

  test('answers findings as JSON', async () => {
    const { out } = await verify(['pdb.yaml', '--format', 'json'], folderOf({ 'pdb.yaml': pdb('50%') }));
    expect(JSON.parse(out)).toMatchObject([
      { file: 'pdb.yaml', line: 6, column: 17, rule: 'pdb/percentage', severity: 'warning' },
    ]);
  });

  test.each([
    ['CRLF line ends', pdb('50%').replaceAll('\n', '\r\n'), 'pdb.yaml:6:17: warning'],
    ['several documents', `---\n# none\n---\n${pdb('1')}---\n${pdb('50%')}`, 'pdb.yaml:20:17: warning'],
    [
      'an anchor',
      pdb('&half 50%').replace('name: shop', 'name: shop\n  labels: { half: *half }').replace('*half', 'x'),
      'pdb.yaml:7:23: warning',
    ],
    [
      'a List',
      `apiVersion: v1\nkind: List\nitems:\n${pdb('50%').replace(/^/gm, '    ').replace('    ', '  - ').trimEnd()}\n`,
      'pdb.yaml:9:21: warning',
    ],
    [
      'JSON',
      JSON.stringify({
        apiVersion: 'policy/v1',
        kind: 'PodDisruptionBudget',
        metadata: { name: 'x' },
        spec: { minAvailable: '50%', unhealthyPodEvictionPolicy: 'AlwaysAllow', selector: {} },
      }),
      '[pdb/percentage]',
    ],
  ])('finds the place in %s', async (_, content, expected) => {
    const { exit, out, err } = await verify(['pdb.yaml', '--strict'], folderOf({ 'pdb.yaml': content }));
    expect({ exit, err }).toEqual({ exit: 1, err: '' });
    expect(out).toContain(expected);
  });

  test.each([
    ['an empty file', '', 0, 'empty, nothing to check'],
    ['a comment alone', '# later\n', 0, 'empty, nothing to check'],
    ['binary junk', Buffer.from([0, 255, 254, 1, 2, 3]), 3, 'f.yaml:1:1: not a text file'],
    ['a tab for indentation', 'apiVersion: v1\nkind: Service\nmetadata:\n\tname: x\n', 3, 'f.yaml:4:'],
    ['a key twice', 'apiVersion: v1\nkind: Service\nkind: Service\n', 3, 'f.yaml:3:1: Map keys must be unique'],
    [
      'anchors that multiply',
      `a: &a [x]\n${'bcdefghijklmnopq'
        .split('')
        .map(
          (c, i, all) =>
            `${c}: &${c} [${Array(9)
              .fill(`*${all[i - 1] ?? 'a'}`)
              .join(',')}]`,
        )
        .join('\n')}\n`,
      3,
      'f.yaml:',
    ],
    ['an alias without anchor', 'apiVersion: v1\nkind: X\nmetadata: *nowhere\n', 3, 'f.yaml:'],
    ['a Helm template', '{{- if .Values.on }}\nkind: X\n{{- end }}\n', 0, 'a Helm template, not checked'],
    ['no Kubernetes object', 'hello: world\n', 0, 'not a Kubernetes object'],
    [
      'a List of something else',
      'apiVersion: v1\nkind: List\nitems: [{a: 1}]\n',
      0,
      'items[0] of a List is not a Kubernetes object',
    ],
    [
      'an unknown kind',
      'apiVersion: acme.io/v1\nkind: Rocket\nmetadata:\n  name: x\n',
      0,
      "kind 'Rocket' of acme.io/v1 is not known here, not checked",
    ],
  ])('has a word for %s, and no stack trace', async (_, content, exit, message) => {
    const result = await verify(['f.yaml'], folderOf({ 'f.yaml': content }));
    expect({ ...result, err: '' }).toEqual({ exit, out: '', err: '' });
    expect(result.err).toContain(message);
    expect(result.err.trim().split('\n').length).toBe(1);
  });

  test('names a Helm chart and a kustomization that changes its files once each, and checks what is plain', async () => {
    const cwd = folderOf({
      'chart/Chart.yaml': 'apiVersion: v2\nname: x\nversion: 1.0.0\n',
      'chart/values.yaml': 'a: 1\n',
      'chart/templates/x.yaml': '{{ .Values.a }}\n',
      'base/kustomization.yaml': 'resources: [pdb.yaml]\n',
      'base/pdb.yaml': pdb('50%'),
      'overlay/kustomization.yaml': 'resources: [../base]\nnamePrefix: eu-\n',
      'overlay/pdb.yaml': pdb('50%'),
    });
    const { exit, out, err } = await verify(['.', '--strict'], cwd);
    expect(exit).toBe(1);
    expect(out).toContain('base/pdb.yaml:6:17');
    expect(out).not.toContain('overlay');
    expect(err).toMatch(/chart: .*Helm/);
    expect(err).toMatch(/overlay: a kustomization, not checked: render it first/);
    expect(err.trim().split('\n').length).toBe(2);
  });

  test('reads standard input', async () => {
    const { exit, out } = await verify(['-'], root, pdb('50%'));
    expect(exit).toBe(0);
    expect(out).toContain('<stdin>:6:17');
  });

  test('a comment with a reason switches a rule off on its line', async () => {
    const off = (comment: string) => pdb(`50% # verify-disable ${comment}`);
    expect(await verify(['-'], root, off('pdb/percentage: our cluster rounds up'))).toMatchObject({ exit: 0, out: '' });
    expect((await verify(['-'], root, off('pdb/percentage'))).out).toContain('[verify/disable-reason]');
    expect((await verify(['-'], root, off('pdb/unhealthy-pods: why not'))).out).toContain('[verify/unused-disable]');
  });

  test('warnings fail only when asked', async () => {
    expect((await verify(['-'], root, pdb('50%'))).exit).toBe(0);
    expect((await verify(['-', '--strict'], root, pdb('50%'))).exit).toBe(1);
  });

  test('hygiene is counted, shown when asked, and never fails', async () => {
    const pod =
      'apiVersion: v1\nkind: Pod\nmetadata:\n  name: x\nspec:\n  containers:\n    - name: x\n      image: acme/x:1.0.0\n';
    expect(await verify(['-', '--strict'], root, pod)).toEqual({
      exit: 0,
      out: '',
      err: 'note: 2 of severity info not shown; --all shows them\n',
    });
    const { exit, out } = await verify(['-', '--all', '--strict'], root, pod);
    expect(exit).toBe(0);
    expect(out).toMatch(/info: .*\[pod\/restricted\][\s\S]*info: .*\[pod\/token\]/);
  });

  test('says first what costs most, file by file where several hold a Rollout', async () => {
    const rollout = `apiVersion: argoproj.io/v1alpha1\nkind: Rollout\nmetadata: {name: shop}\nspec: {strategy: {canary: {analysis: {templates: []}}}}\n`;
    const one = folderOf({ 'a.yaml': pdb('50%'), 'b.yaml': rollout });
    const places = async (cwd: string) =>
      [...(await verify(['.'], cwd)).out.matchAll(/^(\S+?):\d+:\d+: (\w+)/gm)].map(
        ([, file, severity]) => `${file} ${severity}`,
      );
    expect([...new Set(await places(one))]).toEqual(['b.yaml error', 'a.yaml warning']);
    const two = folderOf({ 'a.yaml': pdb('50%'), 'b.yaml': rollout, 'c.yaml': rollout });
    expect([...new Set(await places(two))]).toEqual(['a.yaml warning', 'b.yaml error', 'c.yaml error']);
  });

  test.each([
    [['--fromat', 'json'], "Unknown option '--fromat'"],
    [['--format', 'xml'], "--format must be 'text', 'json', 'github' or 'sarif', got 'xml'"],
    [['--explain', 'pdb/percent'], "no rule 'pdb/percent'"],
    [['--summary', '--strict'], '--summary has no findings: it goes without --strict'],
    [['--summary', '--against', 'http://localhost:8080'], '--summary has no findings: it goes without --against'],
    [['--against', 'localhost'], "--against must be an address like http://localhost:8080, got 'localhost'"],
  ])('%j is wrong usage', async (args, message) => {
    const { exit, out, err } = await verify(args);
    expect({ exit, out }).toEqual({ exit: 2, out: '' });
    expect(err).toContain(message);
    expect(err).toContain('Usage: npm run verify');
  });

  test('a path that is not there, and an instance that does not answer, could not be read', async () => {
    expect(await verify(['nowhere.yaml'])).toMatchObject({
      exit: 3,
      out: '',
      err: expect.stringContaining('nowhere.yaml'),
    });
    expect(await verify(['workloads', '--against', 'http://127.0.0.1:9'])).toMatchObject({
      exit: 3,
      out: '',
      err: expect.stringContaining('error: asking http://127.0.0.1:9: '),
    });
  });

  test('explains a rule with an example', async () => {
    const { exit, out } = await verify(['--explain', 'query/clamp-min']);
    expect(exit).toBe(0);
    expect(out).toMatch(/^query\/clamp-min \(warning\)\n[\s\S]*Wrong:[\s\S]*verify says:[\s\S]*Right:/);
  });
});

test('runs as a process', () => {
  const { status, stdout } = spawnSync(process.execPath, ['scripts/run.ts', 'verify', '-'], {
    cwd: root,
    input: pdb('50%'),
    encoding: 'utf8',
  });
  expect(status).toBe(0);
  expect(stdout).toContain('[pdb/percentage]');
  expect(stdout).not.toContain('\u001b');
});
