import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { text } from 'node:stream/consumers';
import { afterEach, describe, expect, test } from '@jest/globals';
import { Ajv } from 'ajv';
import { renderSarif } from '../render/sarif.ts';
import { RULES } from '../rules/index.ts';
import { checkExample } from '../rules/testing/check-example.ts';
import { main } from './verify.ts';

const root = new URL('../..', import.meta.url).pathname;
const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) {
    rmSync(folder, { recursive: true });
  }
});

function folderWith(files: Readonly<Record<string, string>>): string {
  const folder = mkdtempSync(join(tmpdir(), 'verify-format-'));
  folders.push(folder);
  for (const [name, content] of Object.entries(files)) {
    writeFileSync(join(folder, name), content);
  }
  return folder;
}

async function verify(args: readonly string[], { cwd = root, env = {}, input = '' } = {}) {
  const [out, err, stdin] = [new PassThrough(), new PassThrough(), new PassThrough()];
  stdin.end(input);
  const exit = await main(args, { out, err, cwd, env, input: stdin });
  out.end();
  err.end();
  return { exit, out: await text(out), err: await text(err) };
}

// Draft 4, of which it uses nothing that later drafts read otherwise but the name of its id.
const {
  $schema: _,
  id,
  ...schema
} = JSON.parse(readFileSync(new URL('../render/testdata/sarif-schema-2.1.0.json', import.meta.url), 'utf8'));
const ajv = new Ajv({ strict: false, formats: { uri: URL.canParse, 'uri-reference': true, 'date-time': true } });
const isSarif = ajv.compile({ ...schema, $id: id });

/** The one run of a log, which must be valid SARIF. */
function runOf(printed: string) {
  const log = JSON.parse(printed);
  isSarif(log);
  expect(isSarif.errors).toBe(null);
  return log.runs[0];
}

async function sarif(args: readonly string[], options = {}) {
  const { exit, out } = await verify([...args, '--format', 'sarif'], options);
  return { exit, run: runOf(out) };
}

const pdb = (value: string, name = 'shop') =>
  `apiVersion: policy/v1\nkind: PodDisruptionBudget\nmetadata:\n  name: ${name}\nspec:\n  minAvailable: ${value}\n  unhealthyPodEvictionPolicy: AlwaysAllow\n  selector:\n    matchLabels:\n      app: shop\n`;

describe('--format sarif', () => {
  test('is valid by its schema for every example of the rules', async () => {
    const checked = await Promise.all(RULES.map(({ id }) => checkExample('bad', id)));
    const findings = checked.flatMap((one) => one.findings);
    const run = runOf(renderSarif({ findings, rules: RULES, errors: [], notes: [], pathOf: (file) => file }));
    const found = new Set(run.results.map(({ ruleId }: { ruleId: string }) => ruleId));
    expect(RULES.filter(({ id }) => !found.has(id))).toEqual([]);
    for (const { ruleId, ruleIndex, locations } of run.results) {
      expect(run.tool.driver.rules[ruleIndex].id).toBe(ruleId);
      const { startLine, startColumn, endLine, endColumn } = locations[0].physicalLocation.region;
      expect(endLine > startLine || endColumn > startColumn).toBe(true);
    }
  });

  test('the schema refuses what is no SARIF', () => {
    expect(isSarif({ version: '2.1.0', runs: [{ tool: {} }] })).toBe(false);
  });

  test('describes every rule and links its section of docs/rules.md', async () => {
    const { run } = await sarif([]);
    const page = readFileSync(join(root, 'docs/rules.md'), 'utf8');
    // As GitHub makes an anchor of a heading.
    const anchors = [...page.matchAll(/^## (.*)$/gm)].map(([, heading = '']) => heading.replace(/[^\w-]/g, ''));
    expect(run.tool.driver.rules.map(({ helpUri }: { helpUri: string }) => helpUri.split('#')[1])).toEqual(anchors);
    expect(run.tool.driver.rules[0]).toMatchObject({
      id: RULES[0]?.id,
      defaultConfiguration: { level: RULES[0]?.severity },
      fullDescription: { text: `${RULES[0]?.why} ${RULES[0]?.fix}` },
    });
    expect(run.results).toEqual([]);
  });

  test('points from the first character to behind the last one', async () => {
    const { exit, run } = await sarif(['pdb.yaml', '--strict'], { cwd: folderWith({ 'pdb.yaml': pdb('50%') }) });
    expect(exit).toBe(1);
    expect(run.results).toMatchObject([
      {
        ruleId: 'pdb/percentage',
        level: 'warning',
        locations: [
          {
            physicalLocation: {
              artifactLocation: { uri: 'pdb.yaml', uriBaseId: '%SRCROOT%' },
              region: { startLine: 6, startColumn: 17, endLine: 6, endColumn: 20 },
            },
            logicalLocations: [{ fullyQualifiedName: 'spec.minAvailable' }],
          },
        ],
      },
    ]);
  });

  test('a fingerprint stays when the finding moves or its figures change, and differs between findings', async () => {
    const fingerprints = async (content: string) => {
      const { run } = await sarif(['.'], { cwd: folderWith({ 'pdb.yaml': content }) });
      return run.results.map(({ partialFingerprints }: { partialFingerprints: object }) => partialFingerprints);
    };
    const [first] = await fingerprints(pdb('50%'));
    expect(await fingerprints(`# One more line.\n${pdb('60%')}`)).toEqual([first]);
    const two = await fingerprints(`${pdb('50%')}---\n${pdb('50%', 'cart')}`);
    expect(new Set(two.map((one: object) => JSON.stringify(one))).size).toBe(2);
  });

  test('a file is named from the root of the workflow’s repository, escaped as an address', async () => {
    const folder = folderWith({ 'a b%.yaml': pdb('50%') });
    const { run } = await sarif(['.'], { cwd: folder, env: { GITHUB_WORKSPACE: join(folder, '..') } });
    expect(run.results[0].locations[0].physicalLocation.artifactLocation.uri).toBe(
      `${folder.split('/').at(-1)}/a%20b%25.yaml`,
    );
  });

  test('carries what could not be read and what was left aside', async () => {
    const files = {
      'bad.yaml': 'a: 1\na: 2\n',
      'other.yaml': 'apiVersion: acme/v1\nkind: Shop\nmetadata: {name: x}\n',
    };
    const { exit, run } = await sarif(['.'], { cwd: folderWith(files) });
    expect(exit).toBe(3);
    expect(run.invocations).toMatchObject([
      {
        executionSuccessful: false,
        toolExecutionNotifications: [
          { level: 'error', message: { text: expect.stringContaining('bad.yaml:2:1: Map keys must be unique') } },
          { level: 'note', message: { text: expect.stringContaining("kind 'Shop'") } },
        ],
      },
    ]);
  });

  test('takes standard input, and comments that switch off nothing', async () => {
    const { run } = await sarif(['-'], { input: `# verify-disable pdb/percentage\n${pdb('50%')}` });
    const rules = run.results.map(({ ruleId }: { ruleId: string }) => ruleId);
    expect(rules).toEqual(['verify/disable-reason', 'pdb/percentage']);
  });
});

describe('--format github', () => {
  test('is chosen by itself inside a workflow, for findings alone', async () => {
    const cwd = folderWith({ 'pdb.yaml': pdb('50%') });
    const env = { GITHUB_ACTIONS: 'true' };
    const { exit, out } = await verify(['.', '--strict'], { cwd, env });
    expect(exit).toBe(1);
    expect(out).toMatch(
      /^::warning file=pdb\.yaml,line=6,col=17,endLine=6,endColumn=20,title=pdb\/percentage::minAvailable .*%0Aat: spec\.minAvailable%0Awhy: .*%0Afix: .*\.\n$/,
    );
    expect((await verify(['.', '--format', 'text'], { cwd, env })).out).toMatch(/^pdb\.yaml:6:17: warning: /);
    expect((await verify(['--summary'], { env })).out).toMatch(/^Rollout 'sample-api'/);
    expect((await verify(['--rules'], { env })).out).toMatch(/^query\/window$/m);
    expect((await verify(['.'], { cwd, env: { GITHUB_ACTIONS: 'false' } })).out).toMatch(/^pdb\.yaml:6:17: warning: /);
  });

  test('escapes properties and data', async () => {
    const cwd = folderWith({ 'a,b:50%.yaml': pdb('50%') });
    const { out } = await verify(['.', '--format', 'github'], { cwd });
    expect(out).toMatch(/^::warning file=a%2Cb%3A50%25\.yaml,line=6,/);
    expect(out).not.toMatch(/50%(?!25|0A)/);
    expect(out.match(/\n/g)).toHaveLength(1);
  });

  test('annotates what cannot be read', async () => {
    const { exit, out } = await verify(['.', '--format', 'github'], {
      cwd: folderWith({ 'bad.yaml': 'a: 1\na: 2\n' }),
    });
    expect(exit).toBe(3);
    expect(out).toBe('::error file=bad.yaml,line=2,col=1::Map keys must be unique\n');
  });

  test('standard input has no file to annotate', async () => {
    const { out } = await verify(['-', '--format', 'github'], { input: pdb('50%') });
    expect(out).toMatch(/^::warning title=pdb\/percentage::/);
  });
});

test('--format json keeps its shape', async () => {
  const { out } = await verify(['.', '--format', 'json'], { cwd: folderWith({ 'pdb.yaml': pdb('50%') }) });
  expect(Object.keys(JSON.parse(out)[0]).toSorted()).toEqual(
    ['file', 'line', 'column', 'severity', 'rule', 'field', 'message', 'why', 'fix'].toSorted(),
  );
});

test.each([
  [['--format', 'xml'], "--format must be 'text', 'json', 'github' or 'sarif', got 'xml'"],
  [['--format', 'markdown'], "--format must be 'text', 'json', 'github' or 'sarif', got 'markdown'"],
  [['--summary', '--format', 'sarif'], "--format must be 'text' or 'json' with --summary, got 'sarif'"],
  [['--rules', '--format', 'json'], "--format must be 'text' or 'markdown' with --rules, got 'json'"],
  [['--explain', 'query/window', '--format', 'markdown'], '--format markdown is for --rules'],
])('%j is refused', async (args, message) => {
  const { exit, err } = await verify(args);
  expect({ exit, message: err.split('\n')[0] }).toEqual({ exit: 2, message });
});
