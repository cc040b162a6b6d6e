import { relative, resolve } from 'node:path';

/** Returns a file's path relative to the repository's root, with forward slashes; undefined for standard input. */
export type PathOf = (file: string) => string | undefined;

/** `root` is the repository's root (GitHub's `GITHUB_WORKSPACE`), which need not be the folder that paths start from. */
export function pathFrom(root: string, cwd: string): PathOf {
  return (file) => (file === '<stdin>' ? undefined : relative(root, resolve(cwd, file)).replaceAll('\\', '/'));
}
