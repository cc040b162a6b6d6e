import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { checkVector, UNMET, type VectorFile } from '../conformance/run.ts';
import { CommandError, createMain, UsageError } from './command.ts';

const USAGE = `Usage: npm run conformance -- FILE…

Runs vectors made with the real controller's and the real Prometheus' code through the engine: files in the formats of
scripts/conformance/testdata. Prints each case that differs, with what was wanted and what came out.

  -h, --help   this text

Exit: 0 all agree · 1 some differ · 2 wrong usage · 3 a file could not be read.
`;

export const main = createMain(USAGE, async (args, { out, err, cwd }) => {
  if (args.length === 0) {
    throw new UsageError('conformance needs at least one file');
  }
  let [passed, failed] = [0, 0];
  for (const file of args) {
    const read = await readVectors(file, cwd);
    for (const vector of read.cases) {
      const reason = UNMET.get(vector.id);
      if (reason !== undefined) {
        err.write(`note: ${vector.id} cannot be met: ${reason}\n`);
        continue;
      }
      const compared = await checkVector(vector, read).catch((error: Error) => ['', error.message] as const);
      if (compared === undefined) {
        passed += 1;
      } else {
        failed += 1;
        const [wanted, got] = compared.map((one) => JSON.stringify(one));
        out.write(`${vector.id}\n  wanted ${wanted}\n  got    ${got}\n`);
      }
    }
  }
  out.write(`${passed} passed, ${failed} failed\n`);
  return failed === 0 ? 0 : 1;
});

async function readVectors(file: string, cwd: string): Promise<VectorFile> {
  try {
    const read: VectorFile = JSON.parse(await readFile(resolve(cwd, file), 'utf8'));
    if (!Array.isArray(read.cases)) {
      throw new TypeError('it has no list `cases`');
    }
    return read;
  } catch (error) {
    throw new CommandError(`reading ${file}: ${(error as Error).message}`, { cause: error });
  }
}
