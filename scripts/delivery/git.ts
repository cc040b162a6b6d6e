import { type ExecFileException, execFile } from 'node:child_process';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** A file or a checkout is not in a state in which a change can be made and delivered. The message is one line with the reason. */
export class DeliveryError extends Error {
  override readonly name = 'DeliveryError';
}

/** Runs one git command in the checkout and returns its standard output. Rejects with `DeliveryError`. */
export type Git = (...args: readonly string[]) => Promise<string>;

const MAX_OUTPUT_BYTES = 64 * 1024 * 1024;

/** Paths are taken literally, not as patterns, and no editor opens. */
export function createGit(folder: string): Git {
  const always = ['--literal-pathspecs', '-c', 'core.editor=true'];
  return async (...args) => {
    try {
      return (await run('git', [...always, ...args], { cwd: folder, maxBuffer: MAX_OUTPUT_BYTES })).stdout;
    } catch (cause) {
      const { code, stdout, stderr, message } = cause as ExecFileException;
      const reason = reasonOf(String(stderr ?? '')) ?? reasonOf(String(stdout ?? '')) ?? message;
      throw new DeliveryError(code === 'ENOENT' ? 'git must be on PATH' : reason, { cause });
    }
  };
}

/** The line of git's output that holds the reason: a refused ref, else a line that begins with `fatal:` or `error:`, else the last line. */
function reasonOf(output: string): string | undefined {
  const lines = output
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
  const reason = lines.find((line) => /^! \[/.test(line)) ?? lines.find((line) => /^(fatal|error): /.test(line));
  return (reason ?? lines.at(-1))?.replace(/^(fatal|error): |\.$/g, '');
}

/** Whether a git command exits with 0, for commands whose exit code is the result. */
export function says(answer: Promise<string>): Promise<boolean> {
  return answer.then(
    () => true,
    () => false,
  );
}
