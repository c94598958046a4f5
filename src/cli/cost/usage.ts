import type { Usage } from './aws-prices.ts';

/** What the runs of a deployment are like. */
export interface RunShape {
  /** How long the agent works, waiting for its model included. */
  readonly agentSeconds: number;
  /** Size of the payload, and of the output. */
  readonly payloadKb: number;
  readonly retentionDays: number;
}

/**
 * What was not measured but assumed, in seconds and kB: times of functions beside the agent's own, warm, waiting for
 * AWS's answers included; and what a call of a function writes into its log.
 */
export const assumed = {
  acceptSeconds: 0.03,
  executeSeconds: 0.1,
  planSeconds: 0.05,
  /** A receiver's answer included. */
  deliverSeconds: 0.4,
  reconcileSeconds: 0.4,
  logKbPerCall: 1.5,
  accessLogKb: 0.4,
} as const;

/** Memory of the functions in GB, as `lib/functions/` sets it. */
export const functionGb = { accept: 1, execute: 1769 / 1024, background: 0.5 } as const;

/** Larger payloads and outputs are objects of their own (runs.md). */
const largestRecordKb = 100;
/** What a record keeps of them: nothing but a name, while the trace goes on to show a part. */
const shownOfObjectKb = 4;
const kbPerGb = 1_048_576;
const daysPerMonth = 30.4;
const minutesPerMonth = daysPerMonth * 24 * 60;

/** A function's part: one call, its time, and its lines in the log. */
function call(gb: number, seconds: number): Usage {
  return {
    functionCalls: 1,
    functionGbSeconds: gb * seconds,
    logGb: assumed.logKbPerCall / kbPerGb,
  };
}

const gatewayRequest: Usage = { apiRequests: 1, logGb: assumed.accessLogKb / kbPerGb };
/** Sent, received, deleted. */
const queueMessage: Usage = { queueRequests: 3 };

/** One run by an inbound webhook, up to its stored end. */
export function inboundRun(shape: RunShape): Usage {
  return sum(gatewayRequest, call(functionGb.accept, assumed.acceptSeconds), queuedRun(shape));
}

/** One run by a sync webhook: executed where it was received. */
export function syncRun(shape: RunShape): Usage {
  const seconds = assumed.acceptSeconds + assumed.executeSeconds + shape.agentSeconds;
  const records = sum(dispatched(shape), executed(shape), planned(shape), kept(shape));
  return sum(gatewayRequest, call(functionGb.execute, seconds), records);
}

/** One run by a message of Kafka that comes alone: batches cost less. The cluster has a bill of its own. */
export function kafkaRun(shape: RunShape): Usage {
  return sum(call(functionGb.background, assumed.acceptSeconds), queuedRun(shape));
}

/** One delivery that is taken at its first attempt. */
export function delivery(shape: RunShape): Usage {
  const attempt = call(functionGb.background, assumed.deliverSeconds);
  const reads = 5 + 2 * units(inRecord(shape), 4);
  return sum(attempt, queueMessage, { writeUnits: 13, readUnits: reads }, keptKb(2));
}

/** A month in which nothing happens. */
export function idleMonth(): Usage {
  const reconciler = call(functionGb.background, assumed.reconcileSeconds);
  return sum(times(reconciler, minutesPerMonth), {
    // The reconciler asks 32 partitions what is due.
    readUnits: 16 * minutesPerMonth,
    // Lambda asks each queue with five long polls of 20 s (Lambda's guide, "Using Lambda with Amazon SQS").
    queueRequests: idleResources.queues * 5 * 3 * minutesPerMonth,
    alarms: idleResources.alarms,
    dashboards: idleResources.dashboards,
    secrets: idleResources.secrets,
    metrics: 1,
  });
}

/** What a deployment has that costs something while it stands, by number. */
export const idleResources = { queues: 7, alarms: 30, dashboards: 1, secrets: 2 } as const;

/** Names of custom metrics that a month with runs, or with deliveries, adds. */
export const metricsInUse: Usage = { metrics: 3 };

function queuedRun(shape: RunShape): Usage {
  const work = call(functionGb.execute, assumed.executeSeconds + shape.agentSeconds);
  return sum(dispatched(shape), queueMessage, work, executed(shape), planned(shape), kept(shape));
}

/** Trigger and run, in one transaction at twice the price, and the run's places in five indexes. */
function dispatched(shape: RunShape): Usage {
  return sum({ writeUnits: 7 + 2 * units(0.4 + inRecord(shape), 1) }, { objectWrites: objects(shape) });
}

/** Claim, trace and end, each read before it is written. */
function executed(shape: RunShape): Usage {
  const writeUnits = 14 + units(0.5 + inRecord(shape), 1);
  const readUnits = 3 + units(0.4 + inRecord(shape), 4);
  return { writeUnits, readUnits, objectWrites: objects(shape), objectReads: objects(shape) };
}

/** The stream's function reads the run, looks for receivers, and notes that it has. */
function planned(shape: RunShape): Usage {
  const writeUnits = 2 + units(0.5 + inRecord(shape), 1);
  const readUnits = 1 + 2 * units(0.5 + inRecord(shape), 4);
  const objectReads = objects(shape);
  return sum(call(functionGb.background, assumed.planSeconds), { writeUnits, readUnits, objectReads });
}

/** Payload and output, the run's record and its copies in the indexes. */
function kept(shape: RunShape): Usage {
  const months = shape.retentionDays / daysPerMonth;
  const objectKb = objects(shape) * 2 * shape.payloadKb;
  return sum(times(keptKb(4 + 2 * inRecord(shape)), months), {
    objectGbMonths: (objectKb / kbPerGb) * months,
  });
}

function keptKb(kb: number): Usage {
  return { tableGbMonths: kb / kbPerGb, backupGbMonths: kb / kbPerGb };
}

function objects({ payloadKb }: RunShape): 0 | 1 {
  return payloadKb > largestRecordKb ? 1 : 0;
}

function inRecord({ payloadKb }: RunShape): number {
  return payloadKb > largestRecordKb ? shownOfObjectKb : payloadKb;
}

/** DynamoDB counts each begun kB of a write, and each begun 4 kB of a read. */
function units(kb: number, kbPerUnit: number): number {
  return Math.ceil(kb / kbPerUnit);
}

/** Usages added up. */
export function sum(...usages: readonly Usage[]): Usage {
  const total: Record<string, number> = {};
  for (const usage of usages)
    for (const [billed, amount] of Object.entries(usage)) total[billed] = (total[billed] ?? 0) + amount;
  return total;
}

/** A usage that happens `count` times. */
export function times(usage: Usage, count: number): Usage {
  return Object.fromEntries(Object.entries(usage).map(([billed, amount]) => [billed, amount * count]));
}
