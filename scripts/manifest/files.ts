import { readdir, readFile, stat } from 'node:fs/promises';
import { join, relative, resolve } from 'node:path';
import { parseYaml } from './yaml.ts';

/** Folders of installed packages and tools, which are not searched. */
const SKIPPED = new Set(['node_modules', 'vendor']);
const KUSTOMIZATIONS = ['kustomization.yaml', 'kustomization.yml', 'Kustomization'];

/** Files to read, and folders that another tool must render first. */
export interface Found {
  /** As findings print them: relative to the working folder where they are below it. */
  readonly files: readonly string[];
  readonly notes: readonly string[];
}

/**
 * The files to read for each path: a file itself, whatever its name; of a folder all `.yaml`, `.yml` and `.json` below it, except
 * hidden ones and `node_modules` and `vendor`. A Helm chart or a kustomization gives one note: a cluster gets its files rendered.
 * Rejects with the file system's error for a path that is not there.
 */
export async function findFiles(paths: readonly string[], cwd: string): Promise<Found> {
  const files = new Set<string>();
  const notes: string[] = [];
  for (const path of paths) {
    const absolute = resolve(cwd, path);
    if ((await stat(absolute)).isDirectory()) {
      await walk(absolute);
    } else {
      files.add(display(absolute));
    }
  }
  return { files: [...files], notes };

  function display(absolute: string): string {
    const short = relative(cwd, absolute) || '.';
    return short.startsWith('..') ? absolute : short;
  }

  async function walk(folder: string): Promise<void> {
    const entries = await readdir(folder, { withFileTypes: true });
    const names = new Set(entries.map(({ name }) => name));
    if (names.has('Chart.yaml')) {
      const chart = display(folder);
      notes.push(`${chart}: a Helm chart, not checked: render it first (helm template ${chart} | npm run verify -- -)`);
      return;
    }
    const kustomization = KUSTOMIZATIONS.find((name) => names.has(name));
    if (kustomization !== undefined && !(await isPlainList(join(folder, kustomization)))) {
      const base = display(folder);
      notes.push(
        `${base}: a kustomization, not checked: render it first (kubectl kustomize ${base} | npm run verify -- -)`,
      );
      return;
    }
    // Plain order of code points, the same on every machine.
    for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
      const absolute = join(folder, entry.name);
      if (entry.name.startsWith('.') || SKIPPED.has(entry.name) || entry.name === kustomization) {
        continue;
      }
      const isFolder = entry.isSymbolicLink() ? await isFolderBehind(absolute) : entry.isDirectory();
      if (isFolder && !entry.isSymbolicLink()) {
        await walk(absolute);
      } else if (!isFolder && /\.(ya?ml|json)$/i.test(entry.name)) {
        files.add(display(absolute));
      }
    }
  }
}

/** Whether a kustomization only lists files. A cluster then gets those files unchanged. */
async function isPlainList(file: string): Promise<boolean> {
  const [document] = parseYaml(await readFile(file, 'utf8')).documents;
  const keys =
    document === undefined || document.errors.length > 0 ? [] : Object.keys((document.toJS() as object | null) ?? {});
  return keys.length > 0 && keys.every((key) => ['apiVersion', 'kind', 'resources'].includes(key));
}

/** Whether a link leads to a folder. False for a broken link, so that reading it later reports the error. */
async function isFolderBehind(link: string): Promise<boolean> {
  return stat(link).then(
    (target) => target.isDirectory(),
    () => false,
  );
}
