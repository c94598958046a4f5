import type { Usage } from './aws-prices.ts';

/** What the runs of a deployment are like. */
export interface RunShape {
  /** How long the agent works, waiting for its model included. */
  readonly agentSeconds: number;
  /** Size of the payload, and of the output. */
  readonly payloadKb: number;
  readonly retentionDays: number;
  /** The event has an identity, so that its trigger needs a record of its own. */
  readonly mayComeAgain?: true;
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

/** Payloads and outputs that are larger, compressed, are objects of their own. */
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
  const records = sum(dispatched(shape), executed(shape), kept(shape));
  return sum(gatewayRequest, call(functionGb.execute, seconds), records);
}

/** One run by a message of Kafka that comes alone: batches cost less. The cluster has a bill of its own. */
export function kafkaRun(shape: RunShape): Usage {
  const accepted = call(functionGb.background, assumed.acceptSeconds);
  return sum(accepted, queuedRun({ ...shape, mayComeAgain: true }));
}

/** One delivery that is taken at its first attempt: planned by the table's stream, then made. */
export function delivery(shape: RunShape): Usage {
  const plan = call(functionGb.background, assumed.planSeconds);
  const attempt = call(functionGb.background, assumed.deliverSeconds);
  // Both read the run whole; the plan reads links and connectors, the attempt the connector with its secrets.
  const readUnits = 2 * wholeRunReads(shape) + 3;
  // The run leaves the open ones; the delivery is stored with three index entries, claimed, recorded, and leaves them too.
  const writeUnits = units(endedRecordKb(shape), 1) + 1 + 4 + 1 + 2;
  const usage = { writeUnits, readUnits, objectReads: 2 * objects(shape) };
  return sum(plan, attempt, queueMessage, usage, keptKb(2));
}

/** A month in which nothing happens. */
export function idleMonth(): Usage {
  const reconciler = call(functionGb.background, assumed.reconcileSeconds);
  return sum(times(reconciler, minutesPerMonth), {
    // The reconciler asks 10 partitions what is due, at half a unit each.
    readUnits: 5 * minutesPerMonth,
    // Lambda asks each queue with five long polls of 20 s (Lambda's guide, "Using Lambda with Amazon SQS").
    queueRequests: idleResources.queues * 5 * 3 * minutesPerMonth,
    alarms: idleResources.alarms,
    dashboards: idleResources.dashboards,
    secrets: idleResources.secrets,
    metrics: 1,
  });
}

/** What a deployment has that costs something while it stands, by number. */
export const idleResources = { queues: 7, alarms: 31, dashboards: 1, secrets: 2 } as const;

/** Names of custom metrics that a month with runs, or with deliveries, adds. */
export const metricsInUse: Usage = { metrics: 3 };

function queuedRun(shape: RunShape): Usage {
  const work = call(functionGb.execute, assumed.executeSeconds + shape.agentSeconds);
  return sum(dispatched(shape), queueMessage, work, executed(shape), kept(shape));
}

/**
 * The run with its places in four indexes. A small payload is in the run's own record; a larger one is in the trigger's, and
 * both are written in one transaction at twice the price.
 */
function dispatched(shape: RunShape): Usage {
  const records = isAlone(shape)
    ? units(runRecordKb(shape), 1)
    : 2 * (1 + units(0.3 + compressedKb(shape), 1));
  return { writeUnits: records + 4, objectWrites: objects(shape) };
}

/** Claim and end, each with the entry among the open runs, one entry for the statistics, and what the attempt left. */
function executed(shape: RunShape): Usage {
  const attempt = units(0.5 + compressedKb(shape), 1);
  const writeUnits = units(runRecordKb(shape), 1) + 1 + units(endedRecordKb(shape), 1) + 2 + attempt;
  const readUnits = wholeRunReads(shape) + 1;
  return { writeUnits, readUnits, objectWrites: objects(shape), objectReads: objects(shape) };
}

/** The run's own record: while it is going on, and with what its end adds. */
const runRecordKb = (shape: RunShape) => 0.45 + ownKb(shape);
const endedRecordKb = (shape: RunShape) => 0.55 + ownKb(shape);

function ownKb(shape: RunShape): number {
  return isAlone(shape) ? compressedKb(shape) : 0;
}

/** The run's record and those of its attempts, and the trigger's where that is another. */
function wholeRunReads(shape: RunShape): number {
  const trigger = isAlone(shape) ? 0 : units(0.3 + compressedKb(shape), 4);
  return trigger + units(endedRecordKb(shape) + 0.5 + compressedKb(shape), 4);
}

/** Payload and output, the run's record and its copies in the indexes. */
function kept(shape: RunShape): Usage {
  const months = shape.retentionDays / daysPerMonth;
  const objectKb = objects(shape) * 2 * shape.payloadKb;
  return sum(times(keptKb(3 + 2 * compressedKb(shape)), months), {
    objectGbMonths: (objectKb / kbPerGb) * months,
  });
}

function keptKb(kb: number): Usage {
  return { tableGbMonths: kb / kbPerGb, backupGbMonths: kb / kbPerGb };
}

function objects(shape: RunShape): 0 | 1 {
  return sizeCompressed(shape) > largestRecordKb ? 1 : 0;
}

/**
 * Events are JSON. Compression leaves about half of their first kB, and less of what follows, because it repeats what came
 * before (measured on orders, see `usage.aws.test.ts`).
 */
const compressed = { firstKb: 2, shareOfFirst: 0.5, shareOfRest: 0.3 } as const;
/** Up to this size, compressed, a payload is kept in its run's own record. */
const largestOwnKb = 1_500 / 1024;

/** What a record holds of a payload, or of an output. */
function compressedKb(shape: RunShape): number {
  return objects(shape) === 1 ? shownOfObjectKb : sizeCompressed(shape);
}

function sizeCompressed({ payloadKb }: RunShape): number {
  const first = Math.min(payloadKb, compressed.firstKb);
  return first * compressed.shareOfFirst + (payloadKb - first) * compressed.shareOfRest;
}

function isAlone(shape: RunShape): boolean {
  return shape.mayComeAgain !== true && compressedKb(shape) <= largestOwnKb;
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
