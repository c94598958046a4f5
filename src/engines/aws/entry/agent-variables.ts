import * as z from 'zod';
import { RetryableError } from '../../../core/errors.ts';
import { jsonText } from '../store/payload-objects.ts';
import { functionEnvironment } from './function-environment.ts';
import { secretText } from './secret-text.ts';

/** A variable name that shells accept. A longer one is a mistake. */
const variableName = /^[A-Za-z_]\w{0,127}$/;

/** Names set by Lambda, its libraries, and the stack itself. */
const othersPrefixes = ['AWS_', 'LAMBDA_', 'POWERTOOLS_', '_'];
const othersNames = ['NODE_OPTIONS', 'NODE_PATH', 'PATH', 'TZ', ...Object.keys(functionEnvironment.shape)];

/** Variables for agents' tools: names that the deployment does not set itself. */
export const agentVariables = z.record(z.string(), z.string()).superRefine((variables, context) => {
  for (const name of Object.keys(variables)) {
    const message = nameProblem(name);
    if (message !== null) context.addIssue({ code: 'custom', path: [name], message });
  }
});

function nameProblem(name: string): string | null {
  if (!variableName.test(name)) return 'expected the name of a variable';
  return isTaken(name) ? 'is set by the deployment itself' : null;
}

function isTaken(name: string): boolean {
  return othersNames.includes(name) || othersPrefixes.some((prefix) => name.startsWith(prefix));
}

/** A problem is a sentence for the operator who deployed and contains none of the secret's values. */
type AgentVariablesRead =
  | { readonly outcome: 'read'; readonly variables: Readonly<Record<string, string>> }
  | { readonly outcome: 'unusable'; readonly problem: string };

/** The variables in a secret's text, a JSON object of strings. */
export function variablesOfText(text: string): AgentVariablesRead {
  const parsed = jsonText.pipe(agentVariables).safeParse(text);
  if (parsed.success) return { outcome: 'read', variables: parsed.data };
  const taken = parsed.error.issues.flatMap(({ path: [name] }) => (name === undefined ? [] : [String(name)]));
  const which = taken.length === 0 ? '' : ` Not usable: ${[...new Set(taken)].join(', ')}.`;
  return {
    outcome: 'unusable',
    problem: `is not usable: its value must be a JSON object of strings, such as {"ORDERS_TOKEN": "…"}.${which}`,
  };
}

/**
 * Reads the secret that the setting `agentSecretArn` names; no variables if the setting is empty.
 *
 * @throws RetryableError when Secrets Manager is unavailable
 */
export async function readAgentVariables(): Promise<AgentVariablesRead> {
  const { AGENT_SECRET_ID } = functionEnvironment.parse(process.env);
  if (AGENT_SECRET_ID === '') return { outcome: 'read', variables: {} };
  try {
    return variablesOfText(await secretText(AGENT_SECRET_ID));
  } catch (thrown) {
    if (thrown instanceof RetryableError || !(thrown instanceof Error)) throw thrown;
    // The SDK's messages contain the caller's role and the secret's ARN; the error's name is enough to fix the cause.
    return { outcome: 'unusable', problem: `cannot be read (${thrown.name}).` };
  }
}
