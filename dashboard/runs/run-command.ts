import type { WireRun } from '../../src/api/contract/run.ts';

/** A `curl` command that starts the same run again, with the token from the shell's `$TOKEN`. */
export function runCommand(run: Pick<WireRun, 'agent_name' | 'payload'>, origin: string): string {
  const body = JSON.stringify({ payload: run.payload }).replaceAll("'", String.raw`'\''`);
  return [
    `curl ${origin}/api/v1/agents/${run.agent_name}/runs`,
    '-H "Authorization: Bearer $TOKEN"',
    '-H "Content-Type: application/json"',
    `-d '${body}'`,
  ].join(' \\\n  ');
}
