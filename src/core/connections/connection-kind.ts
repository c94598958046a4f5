import type * as z from 'zod';
import type { ConnectorTypes, ProbeContext, Probed } from '../connectors/connector-type.ts';
import type { AllowedTargets } from '../connectors/private-targets.ts';
import type { FieldProblem } from '../field-problem.ts';
import type { JsonObject } from '../json/json-value.ts';

/**
 * What connectors can share: an account, a server, or a cluster, with the credentials for it. Types that use the same
 * accounts have the same kind.
 */
export interface ConnectionKind {
  /** Unique, and the `type` of its connections. */
  readonly name: string;
  readonly title: string;
  /** One sentence: what it holds, and for which connectors. */
  readonly summary: string;
  /**
   * Fields of the modes' configurations, with the same names and texts. A field with a default has the same one in every
   * mode, because a connection always has a value for it.
   */
  readonly config: z.ZodType<JsonObject, unknown>;
  /** As in a mode. */
  readonly problems?: (config: JsonObject, allowed: AllowedTargets) => readonly FieldProblem[];
  /** Tests the credentials by themselves, as `probe` of a mode does; absent if only a connector can be tested. */
  probe?(config: JsonObject, context: ProbeContext): Promise<Probed>;
  /** Valid configurations with their purpose. */
  readonly samples: readonly { readonly title: string; readonly config: JsonObject }[];
}

/** The kinds of all types by name, in the order of the types. */
export function connectionKinds(types: ConnectorTypes): ReadonlyMap<string, ConnectionKind> {
  const kinds = [...types.values()].flatMap(({ connection }) => connection ?? []);
  return new Map(kinds.map((kind) => [kind.name, kind]));
}
