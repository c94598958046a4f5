import type { OpenAPIHono } from '@hono/zod-openapi';
import type { Engine } from '../core/ports/engine.ts';

/** What the routes work with. */
export interface ManagementContext {
  readonly engine: Engine;
  /** Where the product is reached from outside, without a trailing slash. */
  readonly baseUrl: () => string;
  /** Aborts when the process stops: streams end then. */
  readonly stopping: AbortSignal;
}

/** The Hono application that routes are added to; `actor` is who calls. */
export type ManagementApp = OpenAPIHono<{ Variables: { actor: string } }>;
