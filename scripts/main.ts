#!/usr/bin/env node
import { runCommand } from './cli/canary-gate.ts';

await runCommand(process.argv.slice(2));
