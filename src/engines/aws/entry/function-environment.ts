import * as z from 'zod';
import { privateTargetsVariable } from '../../../core/connectors/private-targets.ts';
import type { Way } from '../../../core/connectors/ways.ts';
import { defaultMaxDepth } from '../../../core/runs/run-chain.ts';

/**
 * The environment variables that the stack gives its functions. They name resources only: a function's configuration
 * contains no secret.
 */
export const functionEnvironment = z.object({
  /** Distinguishes this deployment from others in its account and region. */
  DEPLOYMENT_NAME: z.string().min(1),
  TABLE_NAME: z.string().min(1),
  RUN_QUEUE_URL: z.url(),
  DELIVERY_QUEUE_URL: z.url(),
  PAYLOAD_BUCKET: z.string().min(1),
  /** ARN of the secret that seals connectors' secrets. */
  KEY_SECRET_ID: z.string().min(1),
  RETENTION_DAYS: z.coerce.number().int().positive(),
  /** Maximum age of connectors and secrets on the hot path. */
  CONNECTOR_CACHE_SECONDS: z.coerce.number().int().nonnegative(),
  /** Public address without a trailing slash; empty if it is taken from requests. */
  BASE_URL: z.string().default(''),
  /** How many runs may lead to another, each to the next. */
  MAX_DEPTH: z.coerce.number().int().nonnegative().default(defaultMaxDepth),
  ALLOW_PRIVATE_TARGETS: privateTargetsVariable,
  /** ARN of the secret with keys of model providers; empty if there is none. */
  PROVIDER_KEYS_SECRET_ID: z.string().default(''),
  /** ARN of the secret with variables for agents' tools; empty if there is none. */
  AGENT_SECRET_ID: z.string().default(''),
});
export type FunctionEnvironment = z.infer<typeof functionEnvironment>;

/** The same names as `FunctionEnvironment`, as the strings in a function's configuration. */
export type FunctionVariables = Readonly<Record<keyof FunctionEnvironment, string>>;

/**
 * One of the variables that the stack sets.
 *
 * @throws Error if the function was deployed without it
 */
export function variable(name: string): string {
  const value = process.env[name];
  if (value === undefined) throw new Error(`the function has no ${name} in its environment`);
  return value;
}

/** The optional ways that the stack provides for a connector type. */
export function deployedWays(typeName: string): readonly Way[] {
  const maps = (process.env['MAPPED_TYPES'] ?? '').split(',').includes(typeName);
  return [
    ...(maps ? ['mapping' as const] : []),
    ...(hasRules() ? ['rule' as const] : []),
    ...(socketUrl() === undefined ? [] : ['socket' as const]),
  ];
}

/** Where connections are opened, if connectors of the deployment may have them. */
export function socketUrl(): string | undefined {
  return process.env['SOCKET_URL'];
}

/** Whether connectors of the deployment may have event source mappings. */
export function hasMappings(): boolean {
  return process.env['MAPPING_FUNCTION_ARN'] !== undefined;
}

/** Whether connectors of the deployment may have rules on event buses. */
export function hasRules(): boolean {
  return process.env['EVENT_QUEUE_ARN'] !== undefined;
}
