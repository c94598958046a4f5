import type { OpenAPIHono } from '@hono/zod-openapi';
import type { Role } from '../core/operators/role.ts';
import type { Engine } from '../core/ports/engine.ts';
import type { RunStats } from '../core/ports/run-store.ts';
import type { ReadHealth } from './read-health.ts';
import type { ReadSource } from './read-source.ts';

/** What the routes work with. */
export interface ManagementContext {
  readonly engine: Engine;
  /** Where the product is reached from outside, without a trailing slash. */
  readonly baseUrl: () => string;
  /** What ran in the last day, shared by all who show it. */
  readonly recent: () => Promise<RunStats>;
  readonly healthOf: ReadHealth;
  readonly sourceOf: ReadSource;
  /** Aborts when the process stops: streams end then. */
  readonly stopping: AbortSignal;
}

/**
 * What routes know of a call: `actor` is the name of who calls. A server of `node:http` gives its answer as `outgoing`,
 * so that a stream's connection can be broken.
 */
export interface ManagementVariables {
  Bindings: { outgoing?: { destroy(): unknown } };
  Variables: { actor: string; role: Role };
}

/** The Hono application that routes are added to. */
export type ManagementApp = OpenAPIHono<ManagementVariables>;
