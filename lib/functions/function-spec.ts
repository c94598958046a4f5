import type { RemovalPolicy } from 'aws-cdk-lib';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { ConnectorBinding } from '../connector-binding.ts';
import type { Operators } from '../control-plane/operators.ts';
import type { PackedProject } from '../project/pack-project.ts';
import type { WorkQueue } from '../queues/work-queue.ts';
import type { Settings } from '../settings/settings.ts';
import type { Store } from '../store/store.ts';
import type { RuleWay } from '../ways/rule.ts';
import type { ScheduleWay } from '../ways/schedule.ts';
import type { NodeFunctionProps } from './node-function.ts';

/** What functions work on. */
export interface FunctionsProps {
  readonly deploymentName: string;
  readonly settings: Settings;
  readonly project: PackedProject;
  readonly store: Store;
  readonly operators: Operators;
  readonly runs: WorkQueue;
  readonly deliveries: WorkQueue;
  readonly schedules: ScheduleWay;
  /** Absent where connectors may have no rules. */
  readonly rules: RuleWay | undefined;
  /** What connectors of each type add. */
  readonly bindings: readonly ConnectorBinding[];
  readonly removalPolicy: RemovalPolicy;
  readonly encryptionKey: IKey | undefined;
}

/** One function: its code, its time, its memory, and all that it may do. */
export type FunctionSpec = Omit<NodeFunctionProps, 'defaults'>;

/**
 * MB. Processor time comes with memory, one whole processor at 1769; work that only computes costs the same with any memory,
 * and waiting costs as much as the memory does (docs/performance.md has the measurements). Agents have theirs by a setting.
 */
export const memoryMb = { hotPath: 1024, background: 512, short: 256 } as const;
