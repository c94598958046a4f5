import { RetryableError } from '../../../core/errors.ts';
import { type AgentVariablesRead, variablesOfText } from './agent-variables.ts';
import { functionEnvironment } from './function-environment.ts';
import { secretText } from './secret-text.ts';

/**
 * Reads the secret that the setting `agentSecretArn` names; no variables where the deployment names none.
 *
 * @throws RetryableError when Secrets Manager is away
 */
export async function readAgentVariables(): Promise<AgentVariablesRead> {
  const { AGENT_SECRET_ID } = functionEnvironment.parse(process.env);
  if (AGENT_SECRET_ID === '') return { outcome: 'read', variables: {} };
  try {
    return variablesOfText(await secretText(AGENT_SECRET_ID));
  } catch (thrown) {
    if (thrown instanceof RetryableError || !(thrown instanceof Error)) throw thrown;
    // The SDK's messages name the caller's role and the secret's ARN; the error's name says what to mend.
    return { outcome: 'unusable', problem: `cannot be read (${thrown.name}).` };
  }
}
