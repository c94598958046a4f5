import type { OpenAPIHono } from '@hono/zod-openapi';
import type { Role } from '../core/operators/role.ts';
import type { Engine } from '../core/ports/engine.ts';
import type { RunStats } from '../core/ports/run-store.ts';
import type { ReadHealth } from './read-health.ts';
import type { ReadSource } from './read-source.ts';

/** Dependencies of the routes. */
export interface ManagementContext {
  readonly engine: Engine;
  /** Public URL of the product, without a trailing slash. */
  readonly baseUrl: () => string;
  /** Statistics of the last day, shared by all readers. */
  readonly recent: () => Promise<RunStats>;
  readonly healthOf: ReadHealth;
  readonly sourceOf: ReadSource;
  /** Aborts when the process stops, which ends streams. */
  readonly stopping: AbortSignal;
}

/**
 * What routes know of a call: `actor` is the caller's name. A server of `node:http` passes its response as `outgoing`,
 * so that a route can break a stream's connection.
 */
export interface ManagementVariables {
  Bindings: { outgoing?: { destroy(): unknown } };
  Variables: { actor: string; role: Role };
}

/** The Hono application that routes are added to. */
export type ManagementApp = OpenAPIHono<ManagementVariables>;
