import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';
import type { Permission } from './functions/permissions.ts';
import type { AlarmDescription } from './monitoring/alarms/alarm-description.ts';
import type { Wildcard } from './nag-suppressions.ts';

/** The work of functions that a connector type may add permissions or variables to. */
export type Work =
  /** Send to targets, and test whether they are reachable. */
  | 'send'
  /** Test whether sources and targets are reachable, and count what is waiting there. */
  | 'probe'
  /** Read what the events of requests and rules refer to. */
  | 'receive'
  /** Take events from event source mappings. */
  | 'take-mapped'
  /** Create, update, and remove the sources of connectors. */
  | 'manage-sources'
  /** Remove what `manage-sources` has created when the stack is deleted. */
  | 'remove-sources'
  /** Keep dead letters as records. */
  | 'keep-dead-letters';

export type Variables = Readonly<Record<string, string>>;

/** What a connector type adds to a deployment. */
export interface ConnectorBinding {
  readonly permissions?: { readonly [work in Work]?: readonly Permission[] };
  readonly variables?: { readonly [work in Work]?: Variables };
  /** Queues for events that could not be handled, by the suffix of their alarms' names. */
  readonly deadLetters?: Readonly<Record<string, IQueue>>;
  readonly nagSuppressions?: readonly Wildcard[];
  /** Absent if the type has no event source mappings in this deployment. */
  readonly mappings?: MappingBinding;
}

/** The event source mappings of a type. All of them call one function, the taker. */
export interface MappingBinding {
  readonly type: string;
  /** The parent of the constructs that belong to the mappings. */
  readonly scope: Construct;
  /** Further variables of the functions that create or remove mappings, besides the taker and the types. */
  readonly variables?: Variables;
  /** Adds the mappings that the settings define to the stack. */
  mapDeployed?(taker: IFunction): void;
  alarms?(taker: IFunction): readonly AlarmDescription[];
}

type Bindings = readonly ConnectorBinding[];

export function permissionsFor(bindings: Bindings, work: Work): Permission[] {
  return bindings.flatMap(({ permissions }) => permissions?.[work] ?? []);
}

export function variablesFor(bindings: Bindings, work: Work): Variables {
  return Object.assign({}, ...bindings.map(({ variables }) => variables?.[work]));
}

/** The dead-letter queues of all types, by the suffix of their alarms' names. */
export function deadLettersOf(bindings: Bindings): Readonly<Record<string, IQueue>> {
  return Object.assign({}, ...bindings.map(({ deadLetters }) => deadLetters));
}

export function mappingsOf(bindings: Bindings): MappingBinding[] {
  return bindings.flatMap(({ mappings }) => mappings ?? []);
}
