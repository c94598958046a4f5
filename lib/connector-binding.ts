import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';
import type { Permission } from './functions/permissions.ts';
import type { AlarmDescription } from './monitoring/alarms/alarm-description.ts';
import type { Wildcard } from './nag-suppressions.ts';

/** What functions do for connectors, and a type may add to. */
export type Work =
  /** Send to targets, and try whether they can be reached. */
  | 'send'
  /** Try whether sources and targets can be reached, and ask how much waits there. */
  | 'probe'
  /** Read what events of requests and rules refer to. */
  | 'receive'
  /** Take the events of event source mappings. */
  | 'take-mapped'
  /** Make, change and remove the sources of connectors. */
  | 'manage-sources'
  /** Remove, with the stack, what `manage-sources` has made. */
  | 'remove-sources'
  /** Keep dead letters as records. */
  | 'keep-dead-letters';

export type Variables = Readonly<Record<string, string>>;

/** What the connectors of one type add to a deployment. */
export interface ConnectorBinding {
  readonly permissions?: { readonly [work in Work]?: readonly Permission[] };
  readonly variables?: { readonly [work in Work]?: Variables };
  /** Queues of what could not be handled, by the end of their alarms' names. */
  readonly deadLetters?: Readonly<Record<string, IQueue>>;
  readonly nagSuppressions?: readonly Wildcard[];
  /** Absent for a type that has no event source mappings, or none in this deployment. */
  readonly mappings?: MappingBinding;
}

/** The event source mappings of a type, which all call one function, the taker. */
export interface MappingBinding {
  /** Name of the type. */
  readonly type: string;
  /** Holds what belongs to them. */
  readonly scope: Construct;
  /** What functions have to know that make or remove mappings, beside the taker and the types. */
  readonly variables?: Variables;
  /** Puts mappings into the stack that are there from the deployment on. */
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

/** The dead-letter queues of all types, by the end of their alarms' names. */
export function deadLettersOf(bindings: Bindings): Readonly<Record<string, IQueue>> {
  return Object.assign({}, ...bindings.map(({ deadLetters }) => deadLetters));
}

export function mappingsOf(bindings: Bindings): MappingBinding[] {
  return bindings.flatMap(({ mappings }) => mappings ?? []);
}
