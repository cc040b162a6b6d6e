import { renderChecks } from '../render/checks-table.ts';
import { SoakError } from '../soak/checks.ts';
import { soak } from '../soak/soak.ts';
import { CommandError, createCommand } from './command.ts';
import { assignment, between, list, option } from './options.ts';

const [LEAST_MINUTES, MOST_MINUTES] = [0.5, 1440];
const COMMAND = {
  usage: 'npm run soak -- [options]',
  about: `Puts four instances over a real Redis under load, while one of them is restarted every 10 s, the backend is killed twice and brought
back after 2 s, one instance is killed with kill -9, and hostile requests come beside the users'. Says what held.
Needs redis-server, and port numbers on loopback.`,
  options: {
    minutes: option(
      'N',
      `${LEAST_MINUTES} to ${MOST_MINUTES}, fractions allowed; memory and event loop are judged from 5 on`,
      between(`a number between ${LEAST_MINUTES} and ${MOST_MINUTES}`, LEAST_MINUTES, MOST_MINUTES),
      '5',
    ),
    env: list(
      'NAME=VALUE',
      'for every instance, to see a check fail: FAULT_ERROR_RATIO=0.001. May be repeated',
      assignment,
    ),
  },
  end: `Progress goes to standard error, the table to standard output.
Exit: 0 every check held · 1 one did not; the table says at which second · 2 wrong usage · 3 could not be run.`,
  interrupted: 'interrupted; nothing was left running',
};

export const main = createCommand(COMMAND, async ({ values }, { out, err, signal = new AbortController().signal }) => {
  const tell = (at: number, what: string) => err.write(`${at.toFixed(0).padStart(5)} s  ${what}\n`);
  const checks = await soak({
    seconds: values.minutes * 60,
    env: Object.fromEntries(values.env),
    signal,
    onEvent: tell,
    onBreach: ({ at, what }) => tell(at, `broken: ${what}`),
  }).catch((error: unknown) => {
    throw error instanceof SoakError ? new CommandError(error.message, { cause: error }) : error;
  });
  out.write(renderChecks(checks, out));
  return checks.every(({ breach }) => breach === undefined) ? 0 : 1;
});
