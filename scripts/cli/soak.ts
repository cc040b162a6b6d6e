import { parseArgs } from 'node:util';
import { renderChecks } from '../render/checks-table.ts';
import { SoakError } from '../soak/checks.ts';
import { soak } from '../soak/soak.ts';
import { CommandError, createMain, UsageError } from './command.ts';

const USAGE = `Usage: npm run soak -- [options]

Puts four instances over a real Redis under load, while one of them is restarted every 10 s, the backend is killed twice and brought
back after 2 s, one instance is killed with kill -9, and hostile requests come beside the users'. Says what held.
Needs redis-server, and port numbers on loopback.

  --minutes N        0.5 to 1440, fractions allowed; default 5, the least in which memory and event loop are judged
  --env NAME=VALUE   for every instance, to see a check fail: FAULT_ERROR_RATIO=0.001. May be repeated
  -h, --help         this text

Progress goes to standard error, the table to standard output.
Exit: 0 every check held · 1 one did not; the table says at which second · 2 wrong usage · 3 could not be run.
`;

const [LEAST_MINUTES, MOST_MINUTES] = [0.5, 1440];

export const main = createMain(USAGE, async (args, { out, err, signal = new AbortController().signal }) => {
  const { values } = parseArgs({
    args: [...args],
    options: { minutes: { type: 'string', default: '5' }, env: { type: 'string', multiple: true, default: [] } },
  });
  const minutes = Number(values.minutes);
  if (!(minutes >= LEAST_MINUTES && minutes <= MOST_MINUTES)) {
    throw new UsageError(
      `--minutes must be a number between ${LEAST_MINUTES} and ${MOST_MINUTES}, got '${values.minutes}'`,
    );
  }
  const tell = (at: number, what: string) => err.write(`${at.toFixed(0).padStart(5)} s  ${what}\n`);
  try {
    const checks = await soak({
      seconds: minutes * 60,
      env: Object.fromEntries(values.env.map(readVariable)),
      signal,
      onEvent: tell,
      onBreach: ({ at, what }) => tell(at, `broken: ${what}`),
    });
    out.write(renderChecks(checks, out));
    return checks.every(({ breach }) => breach === undefined) ? 0 : 1;
  } catch (error) {
    if (signal.aborted) {
      throw new CommandError('interrupted; nothing was left running', { cause: error });
    }
    if (error instanceof SoakError) {
      throw new CommandError(error.message, { cause: error });
    }
    throw error;
  }
});

function readVariable(text: string): readonly [string, string] {
  const [, name, value] = /^([A-Z_]+)=(.*)$/s.exec(text) ?? [];
  if (name === undefined || value === undefined) {
    throw new UsageError(`--env must be NAME=VALUE, got '${text}'`);
  }
  return [name, value];
}
