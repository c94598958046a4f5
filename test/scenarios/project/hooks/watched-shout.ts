import { AbortTool } from 'agent-connectors/agent';

/** Marks each message, and keeps secrets from the tool. */
export async function before(toolName: string, params: { message: string }) {
  if (params.message === 'secret') throw new AbortTool(`${toolName} was not called`);
  return { message: `${params.message}!` };
}

/** Says that the result was seen. */
export async function after(_toolName: string, _params: { message: string }, result: string) {
  return `${result} (seen)`;
}
