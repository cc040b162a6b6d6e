import manifest from '../package.json' with { type: 'json' };
import { createMain, UsageError } from './command.ts';
import { type Load, runProcess } from './run-process.ts';

const USAGE = `Usage: ${manifest.name} COMMAND [options]

Lints, rehearses and measures the canary gate of an Argo Rollouts workload, without a cluster.

  verify     is anything in these manifests wrong, or without effect?
  rehearse   what happens when this release goes out?
  odds       how bad must a release be before the gate catches it?
  release    changes one line of rollout.yaml, commits, pushes
  --version  the version of this package
  -h, --help this text; after a command, the command's own

Exit: 0 as asked · 1 findings, or an unexpected end · 2 wrong usage · 3 something could not be read or run.
`;

/** A command is loaded when it is called: `verify` does not wait for the modules of `rehearse`. */
const COMMANDS: Readonly<Record<string, Load>> = {
  verify: () => import('./verify.ts'),
  rehearse: () => import('./rehearse.ts'),
  odds: () => import('./odds.ts'),
  release: () => import('./release.ts'),
};

/** The program of the package: the first argument names the command, the rest is its own. */
export async function runCommand([name = '', ...args]: readonly string[]): Promise<void> {
  const load = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
  return load === undefined
    ? runProcess(async () => ({ main: withoutCommand }), [name, ...args])
    : runProcess(load, args);
}

const withoutCommand = createMain(USAGE, async ([name = ''], { out }) => {
  if (name !== '--version') {
    throw new UsageError(name === '' ? 'a command is missing' : `no command '${name}'`);
  }
  out.write(`${manifest.version}\n`);
  return 0;
});
