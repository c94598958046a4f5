import type { RemovalPolicy } from 'aws-cdk-lib';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { NodeFunctionProps } from '../node-function.ts';
import type { Operators } from '../operators.ts';
import type { PackedProject } from '../project/pack-project.ts';
import type { Settings } from '../settings.ts';
import type { Store } from '../store.ts';
import type { CronTrigger } from '../triggers/cron.ts';
import type { KafkaTrigger } from '../triggers/kafka.ts';
import type { WorkQueue } from '../work-queue.ts';

/** What functions work on. */
export interface FunctionsProps {
  readonly deploymentName: string;
  readonly settings: Settings;
  readonly project: PackedProject;
  readonly store: Store;
  readonly operators: Operators;
  readonly runs: WorkQueue;
  readonly deliveries: WorkQueue;
  readonly schedules: CronTrigger;
  /** Absent where the deployment reads no Kafka. */
  readonly topics: KafkaTrigger | undefined;
  readonly removalPolicy: RemovalPolicy;
  readonly encryptionKey: IKey | undefined;
}

/** One function: its code, its time, its memory, and all that it may do. */
export type DescribedFunction = Omit<NodeFunctionProps, 'house'>;

/**
 * MB. Processor time comes with memory, one whole processor at 1769; work that only computes costs the same with any memory,
 * and waiting costs as much as the memory does (docs/performance.md has the measurements). Agents have theirs by a setting.
 */
export const memoryMb = { hotPath: 1024, background: 512, short: 256 } as const;
