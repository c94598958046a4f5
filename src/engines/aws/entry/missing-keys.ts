import type { AgentProject } from '../../../agents/agent-project.ts';
import { missingKeysByAgent } from '../../../agents/models/missing-provider-keys.ts';
import { functionEnvironment } from './function-environment.ts';

/**
 * What the agents of a deployment lack, for the function that shows them. Only functions that execute agents may read
 * the secret with the keys, so if the deployment names one, nothing is reported as missing.
 *
 * @param variables comma-separated names of the variables that the deployment gives its agents
 */
export function missingKeysOfDeployment(
  project: AgentProject,
  variables: string,
): ReadonlyMap<string, string> {
  const { PROVIDER_KEYS_SECRET_ID, AGENT_SECRET_ID } = functionEnvironment.parse(process.env);
  if (PROVIDER_KEYS_SECRET_ID !== '' || AGENT_SECRET_ID !== '') return new Map();
  const given = variables.split(',').map((name) => [name, 'set']);
  // The variables that Lambda sets for its role count as credentials for Bedrock models.
  return missingKeysByAgent(project, { ...process.env, ...Object.fromEntries(given) });
}
