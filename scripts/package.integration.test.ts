import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { parse } from 'yaml';

const root = new URL('..', import.meta.url).pathname;
/** Node's own binaries, as npm has them for this platform. */
const binary = `node-${process.platform === 'win32' ? 'win' : process.platform}-${process.arch}`;
const NODES = { 'node-22': '22.23.3', 'node-24': '24.21.0', 'node-26': '26.10.0' };

let folder: string;
let files: readonly { readonly path: string }[];
let tarball: string;
// A folder that knows nothing of this repository: the package, three Nodes, somebody's manifests and a small service.
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'package-'));
  const npm = (cwd: string, ...args: readonly string[]) => execFileSync('npm', args, { cwd, encoding: 'utf8' });
  const [packed] = JSON.parse(npm(join(root, 'scripts'), 'pack', '--json', '--pack-destination', folder));
  files = packed.files;
  tarball = join(folder, packed.filename);
  writeFileSync(join(folder, 'package.json'), '{"private": true}');
  const nodes = Object.entries(NODES).map(([name, version]) => `${name}@npm:${binary}@${version}`);
  npm(folder, 'install', '--silent', '--no-audit', tarball, ...nodes);
  mkdirSync(join(folder, 'gate'));
  cpSync(join(root, 'scripts/rules/testdata/bad/query-diluted.yaml'), join(folder, 'gate/rollout.yaml'));
  cpSync(join(root, 'workloads/sample-api'), join(folder, 'shop'), { recursive: true });
});
afterAll(() => rmSync(folder, { recursive: true }));

/** Of the package. */
const manifest = JSON.parse(readFileSync(join(root, 'scripts/package.json'), 'utf8'));

function run(node: string, ...args: readonly string[]) {
  const program = join(folder, 'node_modules', node, 'bin/node');
  const command = join(folder, 'node_modules/.bin/canary-gate');
  const env = { ...process.env, GITHUB_ACTIONS: '', GITHUB_STEP_SUMMARY: '' };
  const { status, stdout, stderr } = spawnSync(program, [command, ...args], { cwd: folder, encoding: 'utf8', env });
  return { status, stdout, stderr };
}

test('is small, and holds neither tests nor pictures nor TypeScript nor the API', () => {
  expect(statSync(tarball).size).toBeLessThan(3_000_000);
  const paths = files.map(({ path }) => path);
  expect(paths).toEqual(expect.arrayContaining(['package.json', 'dist/main.js', 'dist/rehearsal/scenarios/good.yaml']));
  expect(paths.filter((path) => /\.(ts|png)$|\.test\.|^api|\/(bench|soak|testing)\//.test(path))).toEqual([]);
  const texts = paths
    .filter((path) => path.endsWith('.js'))
    .map((path) => readFileSync(join(root, 'scripts', path), 'utf8'));
  expect(texts.flatMap((text) => text.match(/npm run .*/g) ?? [])).toEqual([]);
  const { dependencies } = manifest;
  const ofTheApi = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')).dependencies;
  expect(Object.keys(dependencies).filter((name) => name in ofTheApi)).toEqual([]);
});

describe.each(Object.keys(NODES))('%s', (node) => {
  test('verify finds what is wrong in a folder of its own, and explains it', () => {
    const { status, stdout, stderr } = run(node, 'verify', '--strict', 'gate');
    expect({ status, stderr: stderr.replace(/^note: .*\n/gm, '') }).toEqual({ status: 1, stderr: '' });
    expect(stdout).toMatch(/^gate\/rollout\.yaml:\d+:\d+: \w+: query must select only the canary's pods/m);
    expect(run(node, 'verify', '--explain', 'query/diluted')).toMatchObject({ status: 0, stderr: '' });
    expect(JSON.parse(run(node, 'verify', 'gate', '--format', 'sarif').stdout).runs[0].tool.driver.name).toBe(
      'canary-gate',
    );
  });

  test('odds and a simulated rehearsal play a folder of its own', () => {
    const odds = run(
      node,
      'odds',
      '--workload',
      'shop',
      '--runs',
      '20',
      '--rps',
      '10',
      '--failure-ratios',
      '0,1',
      '--format',
      'json',
    );
    expect({ status: odds.status, workload: JSON.parse(odds.stdout).workload }).toEqual({
      status: 0,
      workload: 'shop',
    });
    const { status, stdout } = run(
      node,
      'rehearse',
      '--workload',
      'shop',
      '--world',
      'model',
      '--report',
      'report.html',
    );
    expect(status).toBe(0);
    expect(stdout).toMatch(/^errors +aborted +25 /m);
  });

  test('says how it is called there', () => {
    for (const command of ['verify', 'rehearse', 'odds', 'release']) {
      const { status, stdout } = run(node, command, '--help');
      expect({ status, usage: stdout.split('\n')[0] }).toEqual({
        status: 0,
        usage: expect.stringMatching(new RegExp(`^Usage: canary-gate ${command} `)),
      });
      expect(stdout).not.toContain('npm run');
    }
    expect(run(node, '--version')).toMatchObject({ status: 0, stdout: '0.1.0\n' });
    expect(run(node, 'verfy')).toMatchObject({ status: 2, stderr: expect.stringContaining("no command 'verfy'") });
    // Of 60 MB, for this alone: left to those who want it.
    const client = `@kubernetes/client-node@${manifest.peerDependencies['@kubernetes/client-node']}`;
    expect(run(node, 'rehearse', '--workload', 'shop', '--world', 'cluster')).toMatchObject({
      status: 3,
      stderr: expect.stringContaining(
        `error: --world cluster needs a package that is not installed: npm install ${client}\n`,
      ),
    });
    expect(run(node, 'rehearse', '--workload', 'shop')).toMatchObject({
      status: 2,
      stderr: expect.stringMatching(/^--command must name what starts a pod's process/),
    });
  });
});

describe('the action', () => {
  const action = parse(readFileSync(join(root, 'action.yml'), 'utf8'));

  /** Runs its step as a runner does, in the foreign folder. */
  function runAction(inputs: Readonly<Record<string, string>>) {
    const [step] = action.runs.steps;
    const env = Object.fromEntries(
      Object.entries<string>(step.env).map(([name, expression]) => {
        const input = /^\$\{\{ inputs\.(\w+) \}\}$/.exec(expression)?.[1] ?? '';
        return [name, inputs[input] ?? action.inputs[input].default];
      }),
    );
    const output = join(folder, 'output');
    writeFileSync(output, '');
    const { status, stdout } = spawnSync('bash', ['--noprofile', '--norc', '-eo', 'pipefail', '-c', step.run], {
      cwd: folder,
      encoding: 'utf8',
      env: {
        ...process.env,
        ...env,
        GITHUB_ACTION_PATH: root,
        GITHUB_WORKSPACE: folder,
        GITHUB_OUTPUT: output,
        RUNNER_TEMP: folder,
      },
    });
    return { status, stdout, output: readFileSync(output, 'utf8') };
  }

  test('annotates, and fails on warnings when it is strict', () => {
    const { status, stdout } = runAction({ paths: 'gate\n\n', strict: 'true' });
    expect(status).toBe(1);
    expect(stdout).toMatch(/^::\w+ file=gate\/rollout\.yaml,line=\d+,col=\d+/m);
  });

  test('takes several paths, one of them with a space, and shell words as words', () => {
    mkdirSync(join(folder, 'a b'), { recursive: true });
    cpSync(join(folder, 'gate/rollout.yaml'), join(folder, 'a b/rollout.yaml'));
    const { stdout } = runAction({ paths: 'a b\ngate' });
    expect(stdout).toContain('file=a b/rollout.yaml');
    expect(runAction({ paths: '$(touch injected)' }).status).toBe(3);
    expect(() => statSync(join(folder, 'injected'))).toThrow();
  });

  test('writes SARIF into a file and names it', () => {
    const { stdout, output } = runAction({ paths: 'gate', format: 'sarif' });
    expect(stdout).toBe('');
    const file = /^sarif=(.*)$/m.exec(output)?.[1] ?? '';
    expect(JSON.parse(readFileSync(file, 'utf8')).version).toBe('2.1.0');
  });
});

test('the pre-commit hook runs verify over the folders that its arguments name', () => {
  const [hook] = parse(readFileSync(join(root, '.pre-commit-hooks.yaml'), 'utf8'));
  expect(hook).toMatchObject({ language: 'script', pass_filenames: false });
  const [script, ...args] = hook.entry.split(' ');
  const { status, stdout } = spawnSync(join(root, script), [...args, '--strict', 'gate'], {
    cwd: folder,
    encoding: 'utf8',
    env: { ...process.env, GITHUB_ACTIONS: '' },
  });
  expect(status).toBe(1);
  expect(stdout).toMatch(/^gate\/rollout\.yaml:\d+/m);
});
