import * as z from 'zod';
import { main } from '../src/cli/main.ts';
import { endOfOutput } from './connectors-command.ts';

const command = z.object({ args: z.array(z.string()), env: z.record(z.string(), z.string()) });

/**
 * A program: runs the commands that its parent sends, one at a time, in a process where the command line is loaded. After
 * each, it sends the exit code.
 */
process.on('message', async (message) => {
  const { args, env } = command.parse(message);
  Object.assign(process.env, env);
  const exitCode = await main(args);
  for (const name of Object.keys(env)) delete process.env[name];
  process.exitCode = undefined;
  process.stdout.write(endOfOutput);
  process.stderr.write(endOfOutput);
  process.send?.(exitCode);
});
// Each command listens for errors of its output: usually, its process ends with it.
process.stdout.setMaxListeners(0);
