import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

/** A checkout of this repository as it is on disk, with its dependencies, a commit and a remote of its own. */
export interface RepositoryCopy {
  readonly path: string;
  readonly git: (...args: readonly string[]) => string;
  readonly remove: () => void;
}

const ROOT = new URL('../..', import.meta.url).pathname;

export function copyRepository(): RepositoryCopy {
  const folder = mkdtempSync(join(tmpdir(), 'checkout-'));
  const path = join(folder, 'repository');
  const tracked = execFileSync(
    'git',
    ['ls-files', '-z', '--cached', '--others', '--exclude-standard', '--deduplicate'],
    { cwd: ROOT, encoding: 'utf8' },
  );
  for (const file of tracked.split('\0').filter((name) => name !== '')) {
    mkdirSync(dirname(join(path, file)), { recursive: true });
    cpSync(join(ROOT, file), join(path, file));
  }
  for (const modules of ['node_modules', 'scripts/node_modules']) {
    symlinkSync(join(ROOT, modules), join(path, modules));
  }
  const git = (...args: readonly string[]) =>
    execFileSync('git', args, { cwd: path, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
  execFileSync('git', ['init', '-q', '--bare', '-b', 'main', join(folder, 'remote.git')]);
  git('init', '-q', '-b', 'main');
  git('config', 'user.name', 'A. Reader');
  git('config', 'user.email', 'reader@example.com');
  git('add', '--all');
  git('commit', '-q', '-m', 'As it is');
  git('remote', 'add', 'origin', join(folder, 'remote.git'));
  git('push', '-q', '-u', 'origin', 'main');
  return { path, git, remove: () => rmSync(folder, { recursive: true }) };
}
