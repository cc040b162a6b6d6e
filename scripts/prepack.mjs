// Writes dist/: what main.ts imports, types stripped, for Node refuses to strip them below node_modules. Tests stay behind.
import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { stripTypeScriptTypes } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(fileURLToPath(import.meta.url));
const dist = join(root, 'dist');

/** Files that a module names: imports, and programs it starts. */
const REFERENCE = /(from |import\(|new URL\()'(\.{0,2}[\w./-]*)\.ts'/g;

function emit(file, done) {
  if (done.has(file)) {
    return;
  }
  done.add(file);
  const source = readFileSync(join(root, file), 'utf8');
  const code = stripTypeScriptTypes(source)
    .replace(REFERENCE, (whole, before, path) => (path.includes('/api/') ? whole : `${before}'${path}.js'`))
    // In messages and usage texts: this is how the commands are called here.
    .replace(/npm run (?:-s )?(verify|rehearse|odds|release)(?: --)?(?= |`|$)/gm, 'canary-gate $1');
  const target = join(dist, file.replace(/\.ts$/, '.js'));
  mkdirSync(dirname(target), { recursive: true });
  writeFileSync(target, code);
  for (const [, , path] of source.matchAll(REFERENCE)) {
    if (!path.includes('/api/')) {
      emit(join(dirname(file), `${path}.ts`), done);
    }
  }
}

rmSync(dist, { recursive: true, force: true });
emit('main.ts', new Set());
// What they read: scenarios, objects of a cluster, and the examples of --explain.
for (const data of [
  'package.json',
  'rehearsal/cluster/store.yaml',
  'rehearsal/cluster/users.yaml',
  'rehearsal/scenarios',
  'rehearsal/scenario.schema.json',
  'rules/testdata/bad',
  'rules/testdata/ok',
]) {
  cpSync(join(root, data), join(dist, data), { recursive: true });
}
cpSync(join(root, '../LICENSE'), join(dist, 'LICENSE'));
