import * as z from 'zod';
import type { AgentProject } from '../../../agents/agent-project.ts';
import type { ModelEnvironment } from '../../../agents/models/model-adapter.ts';
import { providersOf } from '../../../agents/models/providers-of.ts';
import { missingVariables } from '../../../agents/models/resolve-model.ts';
import { RetryableError } from '../../../core/errors.ts';
import { jsonText } from '../store/payload-objects.ts';
import { functionEnvironment } from './function-environment.ts';
import { secretText } from './secret-text.ts';

/** Keys and addresses of model providers, under the usual names of their variables. */
export type ProviderKeys = Readonly<Record<string, string>>;

/** A problem is a sentence for the operator who deployed and contains nothing of the secret. */
export type KeysRead =
  | { readonly outcome: 'read'; readonly keys: ProviderKeys }
  | { readonly outcome: 'unusable'; readonly problem: string };

const keysSecret = jsonText.pipe(z.record(z.string(), z.string()));

/** A provider's key as issued: one word. */
const bareKey = /^[\w.~+/=:-]{8,512}$/;

/**
 * Reads the secret that the setting `providerKeysSecretArn` names; no keys if the setting is empty. Only the models
 * receive them.
 *
 * @throws RetryableError when Secrets Manager is unavailable
 */
export async function readProviderKeys(project: AgentProject): Promise<KeysRead> {
  const { PROVIDER_KEYS_SECRET_ID } = functionEnvironment.parse(process.env);
  if (PROVIDER_KEYS_SECRET_ID === '') return { outcome: 'read', keys: {} };
  try {
    return keysOfText(await secretText(PROVIDER_KEYS_SECRET_ID), project, process.env);
  } catch (thrown) {
    if (thrown instanceof RetryableError || !(thrown instanceof Error)) throw thrown;
    // The SDK's messages contain the caller's role and the secret's ARN; the error's name is enough to fix the cause.
    return { outcome: 'unusable', problem: `That secret cannot be read (${thrown.name}).` };
  }
}

/**
 * The keys in a secret's text: JSON with variables and values, or the plain key of the only provider that the project's
 * agents use.
 */
export function keysOfText(text: string, project: AgentProject, env: ModelEnvironment): KeysRead {
  const parsed = keysSecret.safeParse(text);
  if (parsed.success) return { outcome: 'read', keys: parsed.data };
  const variable = onlyMissingVariable(project, env);
  const key = text.trim();
  if (variable !== null && bareKey.test(key)) return { outcome: 'read', keys: { [variable]: key } };
  const problem = `That secret is not usable: its value must be a JSON object of strings, such as {"${variable ?? 'GEMINI_API_KEY'}": "…"}.`;
  return { outcome: 'unusable', problem };
}

/** The variable of the only key that the project's models still need; `null` if they need none or several. */
function onlyMissingVariable(project: AgentProject, env: ModelEnvironment): string | null {
  const [variables, ...others] = providersOf(project, env).flatMap((provider) =>
    missingVariables(provider, env),
  );
  return others.length === 0 ? (variables?.[0] ?? null) : null;
}
