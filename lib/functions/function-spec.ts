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
import type { SocketWay } from '../ways/socket.ts';
import type { NodeFunctionProps } from './node-function.ts';

export interface FunctionsProps {
  readonly deploymentName: string;
  readonly settings: Settings;
  readonly project: PackedProject;
  readonly store: Store;
  readonly operators: Operators;
  readonly runs: WorkQueue;
  readonly deliveries: WorkQueue;
  readonly schedules: ScheduleWay;
  /** Absent if connectors may not have rules. */
  readonly rules: RuleWay | undefined;
  /** Absent if connectors may not have connections. */
  readonly sockets: SocketWay | undefined;
  /** What each connector type adds. */
  readonly bindings: readonly ConnectorBinding[];
  readonly removalPolicy: RemovalPolicy;
  readonly encryptionKey: IKey | undefined;
}

/** One function: its code, timeout, memory, and permissions. */
export type FunctionSpec = Omit<NodeFunctionProps, 'defaults'>;

/**
 * In MB. CPU grows with memory: one full vCPU at 1769. Computation costs the same at any memory size, and waiting costs
 * in proportion to memory (docs/performance.md has the measurements). Agents have their own setting.
 */
export const memoryMb = { hotPath: 1024, background: 512, short: 256 } as const;
