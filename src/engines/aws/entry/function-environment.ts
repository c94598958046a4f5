import * as z from 'zod';
import { privateTargetsVariable } from '../../../core/connectors/private-targets.ts';

/**
 * What the stack tells its functions, as environment variables. Names of things only: no secret is in a function's
 * configuration.
 */
export const functionEnvironment = z.object({
  /** Tells this deployment apart from others in its account and region. */
  DEPLOYMENT_NAME: z.string().min(1),
  TABLE_NAME: z.string().min(1),
  RUN_QUEUE_URL: z.url(),
  DELIVERY_QUEUE_URL: z.url(),
  PAYLOAD_BUCKET: z.string().min(1),
  /** ARN of the secret that seals connectors' secrets. */
  KEY_SECRET_ID: z.string().min(1),
  RETENTION_DAYS: z.coerce.number().int().positive(),
  /** How old connectors and secrets may be on the hot path. */
  CONNECTOR_CACHE_SECONDS: z.coerce.number().int().nonnegative(),
  /** Public address without a trailing slash; empty where requests tell it. */
  BASE_URL: z.string().default(''),
  ALLOW_PRIVATE_TARGETS: privateTargetsVariable.prefault('0'),
  /** ARN of the secret with keys of model providers; empty where there is none. */
  PROVIDER_KEYS_SECRET_ID: z.string().default(''),
  /** ARN of the secret with variables for agents' tools; empty where there is none. */
  AGENT_SECRET_ID: z.string().default(''),
});
export type FunctionEnvironment = z.infer<typeof functionEnvironment>;

/** The same names as `FunctionEnvironment`, as the text that a function's configuration holds. */
export type FunctionVariables = Readonly<Record<keyof FunctionEnvironment, string>>;

/**
 * One of the variables that the stack sets.
 *
 * @throws Error where the function was deployed without it
 */
export function variable(name: string): string {
  const value = process.env[name];
  if (value === undefined) throw new Error(`the function has no ${name} in its environment`);
  return value;
}
