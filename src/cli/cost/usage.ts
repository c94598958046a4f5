import type { Usage } from './aws-prices.ts';

/** What the runs of a deployment are like. */
export interface RunShape {
  /** How long the agent works, waiting for its model included. */
  readonly agentSeconds: number;
  /** Size of the payload, and of the output. */
  readonly payloadKb: number;
  readonly retentionDays: number;
  /** Of the functions that execute agents, in MB. */
  readonly agentMemoryMb: number;
  /** The event has an identity, so that its trigger needs a record of its own. */
  readonly mayComeAgain?: true;
}

/** What a call of a function does, warm. */
interface Work {
  /** Memory of the function, as `lib/functions/` sets it; `null` where a setting says it. */
  readonly gb: number | null;
  /** Of a whole processor, measured (`npm run bench -- memory`); with less memory it takes longer. */
  readonly processorSeconds: number;
  /** Assumed: for AWS's answers, and a receiver's. */
  readonly waitSeconds: number;
  /** What it writes into its log: measured, see `log-usage.aws.test.ts`. Lambda itself writes of failed calls only. */
  readonly logKb: number;
}

export const work = {
  accept: { gb: 1, processorSeconds: 0.012, waitSeconds: 0.018, logKb: 0 },
  execute: { gb: null, processorSeconds: 0.03, waitSeconds: 0.06, logKb: 0.45 },
  /** Accepts and executes. */
  acceptAndExecute: { gb: null, processorSeconds: 0.04, waitSeconds: 0.07, logKb: 0.45 },
  read: { gb: 0.5, processorSeconds: 0.01, waitSeconds: 0.02, logKb: 0 },
  plan: { gb: 0.25, processorSeconds: 0.01, waitSeconds: 0.03, logKb: 0 },
  deliver: { gb: 0.5, processorSeconds: 0.02, waitSeconds: 0.35, logKb: 0.6 },
  reconcile: { gb: 0.5, processorSeconds: 0.02, waitSeconds: 0.2, logKb: 0.3 },
  events: { gb: 0.25, processorSeconds: 0.037, waitSeconds: 0.015, logKb: 0 },
} as const satisfies Readonly<Record<string, Work>>;

/** A line of the API's access log: the fields that `lib/control-plane/gateway/` names, as long as they are. */
const accessLogKb = 0.25;
/** With this memory a function has one whole processor (Lambda developer guide, "Configure Lambda function memory"). */
const wholeProcessorGb = 1_769 / 1_024;

/** Payloads and outputs that are larger, compressed, are objects of their own. */
const largestRecordKb = 100;
/** What a record keeps of them: nothing but a name, while the trace goes on to show a part. */
const shownOfObjectKb = 4;
const kbPerGb = 1_048_576;
const daysPerMonth = 30.4;
const hoursPerMonth = daysPerMonth * 24;
const minutesPerMonth = hoursPerMonth * 60;

/** A function's part: one call, its time, and its lines in the log. */
function call(done: Work & { readonly gb: number }): Usage {
  const { gb, processorSeconds, waitSeconds, logKb } = done;
  const seconds = waitSeconds + processorSeconds * Math.max(1, wholeProcessorGb / gb);
  return { functionCalls: 1, functionGbSeconds: gb * seconds, logGb: logKb / kbPerGb };
}

/** The same for a function that executes the agent. */
function agentCall(done: Work, { agentSeconds, agentMemoryMb }: RunShape): Usage {
  return call({ ...done, gb: agentMemoryMb / 1_024, waitSeconds: done.waitSeconds + agentSeconds });
}

const gatewayRequest: Usage = { apiRequests: 1, logGb: accessLogKb / kbPerGb };
/** Sent, received, deleted. */
export const queueMessage: Usage = { queueRequests: 3 };

/** One run by an inbound webhook, up to its stored end. */
export function inboundRun(shape: RunShape): Usage {
  return sum(gatewayRequest, call(work.accept), queuedRun(shape));
}

/** One run by a sync webhook: executed where it was received. */
export function syncRun(shape: RunShape): Usage {
  const records = sum(dispatched(shape), executed(shape), kept(shape));
  return sum(gatewayRequest, agentCall(work.acceptAndExecute, shape), records);
}

/** One run by an event of a mapping that comes alone: batches cost less. Its source has a bill of its own. */
export function mappedRun(shape: RunShape): Usage {
  return sum(call(work.read), queuedRun({ ...shape, mayComeAgain: true }));
}

/** One delivery that is taken at its first attempt: planned by the table's stream, then made. */
export function delivery(shape: RunShape): Usage {
  // The plan reads the run's record, links and connectors; the attempt the whole run, and the connector with its secrets.
  const readUnits = units(endedRecordKb(shape), 4) + wholeRunReads(shape) + 3;
  // The run leaves the open ones; the delivery is stored with three index entries, claimed, recorded, and leaves them too.
  const writeUnits = units(endedRecordKb(shape), 1) + 1 + 4 + 1 + 2;
  const usage = { writeUnits, readUnits, objectReads: objects(shape) };
  return sum(call(work.plan), call(work.deliver), queueMessage, usage, keptKb(2));
}

/** A month in which nothing happens. */
export function idleMonth(): Usage {
  return sum(times(call(work.reconcile), minutesPerMonth), {
    // The reconciler asks 10 partitions what is due, at half a unit each.
    readUnits: 5 * minutesPerMonth,
    ...polledQueues(idleResources.queues),
    alarmMetrics: idleResources.alarmMetrics,
    secrets: idleResources.secrets,
  });
}

/** What a deployment has that costs something while it stands, by number. */
export const idleResources = { queues: 7, alarmMetrics: 41, secrets: 2 } as const;

/** Queues that functions read: Lambda asks each with five long polls of 20 s (Lambda's guide, "Using Lambda with Amazon SQS"). */
export function polledQueues(count: number): Usage {
  return { queueRequests: count * 5 * 3 * minutesPerMonth };
}

/** Pollers of event source mappings, which look for events all month, however few come. */
export function pollers(count: number): Usage {
  return { pollerHours: count * hoursPerMonth };
}

/**
 * What tabs of the dashboard ask for that are open and visible: what is new, every 5 s.
 *
 * @param tabHours of all tabs together
 */
export function openDashboards(tabHours: number): Usage {
  const looks = (tabHours * 3_600) / 5;
  return times(sum(gatewayRequest, call(work.events), { readUnits: lookReadUnits }), looks);
}

/**
 * In a busy system. Of runs and deliveries each of 16 partitions is asked for its newest 13 entries, at half a unit for 4 kB; then
 * the newest 50 of each are read as they are now. As if there were 20 connectors.
 */
const lookReadUnits = 16 * 1 + 16 * 0.5 + 50 + 50 + (1.5 + 20);

/** Statistics of a month, read once: half a unit for 4 kB of index, 250 bytes a run. */
export function statisticsRead(runs: number): Usage {
  return { readUnits: runs * 0.032 };
}

/**
 * A key of the customer's. SQS asks KMS twice for each sender and once for each receiver of a queue in five minutes, DynamoDB once
 * for each function that calls it (SQS developer guide, "Key management"; DynamoDB developer guide, "Encryption at rest"). As if
 * all of them were busy all month.
 */
export function ownKey(): Usage {
  const eachFiveMinutes = 3 * idleResources.queues + functionsOnTable;
  return { keys: 1, keyRequests: (eachFiveMinutes * minutesPerMonth) / 5 };
}

/** Functions that call the table. */
const functionsOnTable = 11;

function queuedRun(shape: RunShape): Usage {
  return sum(dispatched(shape), queueMessage, agentCall(work.execute, shape), executed(shape), kept(shape));
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
