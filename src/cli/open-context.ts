import type { Command } from 'commander';
import type { ApiClient } from './api-client.ts';
import { type Connection, findConnection } from './connection.ts';
import { type Output, processOutput } from './output.ts';

/** What commands need to talk to a running system. */
export interface CommandContext {
  readonly api: ApiClient;
  readonly connection: Connection;
  readonly output: Output;
}

/** Options of every command. */
export interface GlobalOptions {
  readonly json?: true;
  readonly url?: string;
  readonly token?: string;
}

/**
 * Finds the system that a command's global options and the environment name. The client is loaded only now, so that
 * help appears immediately.
 *
 * @throws CliFailure if the URL is not valid, or no token is known
 */
export async function openContext(command: Command): Promise<CommandContext> {
  const options: GlobalOptions = command.optsWithGlobals();
  const connection = findConnection(options, process.env);
  const { apiClient } = await import('./api-client.ts');
  return { api: apiClient(connection), connection, output: processOutput(options.json === true) };
}
