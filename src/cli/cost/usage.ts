import type { Usage } from './aws-prices.ts';

/** What a deployment's runs are like. */
export interface RunShape {
  /** Duration of a run, including the time it waits for its model. */
  readonly agentSeconds: number;
  /** Size of each payload, and of each output. */
  readonly payloadKb: number;
  readonly retentionDays: number;
  /** Memory of the functions that execute agents, in MB. */
  readonly agentMemoryMb: number;
  /** Minutes for which a client of a WebSocket API is connected, how many messages it sends, and chunks of each answer. */
  readonly connectionMinutes: number;
  readonly connectionMessages: number;
  readonly answerChunks: number;
  /** The event has an id that can repeat, so its trigger needs its own record. */
  readonly mayComeAgain?: true;
}

/** What one warm call of a function uses. */
interface Work {
  /** Memory of the function, as set in `lib/functions/`; `null` if a setting determines it. */
  readonly gb: number | null;
  /** On a whole processor, measured (`npm run bench -- memory`); with less memory it takes longer. */
  readonly processorSeconds: number;
  /** Assumed: waiting for AWS, or for a receiver. */
  readonly waitSeconds: number;
  /** Log volume, measured (see `log-usage.aws.test.ts`). Lambda itself logs only failed calls. */
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
  reconcile: { gb: 0.5, processorSeconds: 0.02, waitSeconds: 0.2, logKb: 0.34 },
  events: { gb: 0.25, processorSeconds: 0.037, waitSeconds: 0.015, logKb: 0 },
} as const satisfies Readonly<Record<string, Work>>;

/** A line of the API's access log, with the fields set in `lib/control-plane/gateway/`. */
const accessLogKb = 0.25;
/** With this memory a function has one whole processor (Lambda developer guide, "Configure Lambda function memory"). */
const wholeProcessorGb = 1_769 / 1_024;

/** Payloads and outputs that exceed this size when compressed are stored as objects. */
const largestRecordKb = 100;
/** What the records keep of a payload in an object: its name, and the part that the trace shows. */
const shownOfObjectKb = 4;
const kbPerGb = 1_048_576;
const daysPerMonth = 30.4;
const hoursPerMonth = daysPerMonth * 24;
const minutesPerMonth = hoursPerMonth * 60;

/** One call of a function: the call, its duration, and its log lines. */
function call(done: Work & { readonly gb: number }): Usage {
  const { gb, processorSeconds, waitSeconds, logKb } = done;
  const seconds = waitSeconds + processorSeconds * Math.max(1, wholeProcessorGb / gb);
  return { functionCalls: 1, functionGbSeconds: gb * seconds, logGb: logKb / kbPerGb };
}

/** The same for a function that executes an agent. */
function agentCall(done: Work, { agentSeconds, agentMemoryMb }: RunShape): Usage {
  return call({ ...done, gb: agentMemoryMb / 1_024, waitSeconds: done.waitSeconds + agentSeconds });
}

const gatewayRequest: Usage = { apiRequests: 1, logGb: accessLogKb / kbPerGb };
/** Sent, received, deleted. */
export const queueMessage: Usage = { queueRequests: 3 };

/** One run triggered by an inbound webhook, until its end is stored. */
export function inboundRun(shape: RunShape): Usage {
  return sum(gatewayRequest, call(work.accept), queuedRun(shape));
}

/** One run triggered by a sync webhook, executed where the request was received. */
export function syncRun(shape: RunShape): Usage {
  const records = sum(dispatched(shape), executed(shape), kept(shape));
  return sum(gatewayRequest, agentCall(work.acceptAndExecute, shape), records);
}

/** One run triggered by a message of a WebSocket connection, with its share of the connection. */
export function socketRun(shape: RunShape): Usage {
  const { payloadKb, answerChunks, connectionMinutes, connectionMessages } = shape;
  const repeatable = { ...shape, mayComeAgain: true } as const;
  const records = sum(dispatched(repeatable), executed(repeatable), kept(repeatable));
  // Its ack, what begins and ends the answer, and its chunks, which have the answer once more.
  const sent = 3 + answerChunks + 2 * Math.floor(payloadKb / meteredKb);
  const message = { socketMessages: units(payloadKb, meteredKb) + sent, logGb: accessLogKb / kbPerGb };
  // The key of the message, in the transaction; the connection is read and written.
  const ofMessage = { readUnits: 1, writeUnits: 2 + 1 };
  const answered = agentCall(work.acceptAndExecute, shape);
  const connection = times(openedConnection(shape, connectionMinutes), 1 / Math.max(1, connectionMessages));
  return sum(message, ofMessage, call(work.accept), fifoMessage(payloadKb), answered, records, connection);
}

/** API Gateway meters messages of WebSocket connections in steps of this size, and SQS requests in steps of 64 kB. */
const meteredKb = 32;
const requestKb = 64;

/** A connection from its handshake to its end: two calls, one record, and the greeting that the queue brings. */
function openedConnection({ agentMemoryMb }: RunShape, minutes: number): Usage {
  const greeting = call({ ...work.execute, gb: agentMemoryMb / 1_024 });
  const ends = { logGb: (2 * accessLogKb) / kbPerGb, readUnits: 2, writeUnits: 2 };
  const metered = { socketMinutes: minutes, socketMessages: 1 };
  return sum(metered, ends, times(call(work.accept), 2), fifoMessage(1), greeting);
}

/** Sent, received, deleted. */
function fifoMessage(kb: number): Usage {
  return { fifoRequests: 2 * units(kb, requestKb) + 1 };
}

/** The API for connections, all month: the polls of its queue and of its dead letters, and its alarms. */
export function socketApi(): Usage {
  const { queueRequests = 0 } = polledQueues(socketResources.queues);
  return { fifoRequests: queueRequests, alarmMetrics: socketResources.alarmMetrics };
}

/** Number of resources that the setting `websocket` adds and that cost money while idle. */
export const socketResources = { queues: 2, alarmMetrics: 6 } as const;

/** One run triggered by a single event of a mapping; batches cost less. The event source is billed separately. */
export function mappedRun(shape: RunShape): Usage {
  return sum(call(work.read), queuedRun({ ...shape, mayComeAgain: true }));
}

/** What a scheduled run uses beyond one that starts at once: its time has a record, which goes when the run is due. */
export function scheduling(shape: RunShape): Usage {
  // One transaction writes trigger, run, and time, at twice the price, with five index entries.
  const stored = 2 * (2 + units(0.3 + compressedKb(shape), 1)) + 5;
  // The same for the run and the record of its time; its end moves the expiry of the trigger.
  const due = 2 * 2 + 4 + 2 + units(0.3 + compressedKb(shape), 1);
  const writeUnits = stored - (dispatched(shape).writeUnits ?? 0) + due;
  // The reconciler finds it a few minutes before it is due.
  return { writeUnits, readUnits: 4 };
}

/** One event of an inbound webhook that no agent wants: a trigger with two index entries. */
export function filteredEvent(shape: RunShape): Usage {
  const kb = 0.3 + compressedKb(shape);
  const stored = { writeUnits: units(kb, 1) + 2, objectWrites: objects(shape) };
  return sum(
    gatewayRequest,
    call(work.accept),
    stored,
    times(keptKb(kb), shape.retentionDays / daysPerMonth),
  );
}

/** What one call of a model uses of one budget: the reservation, and the settlement. */
export const budgetedCall: Usage = { writeUnits: 2 };

/** What a run uses that waits for a pause or a budget: a call that holds it, its release, and another message. */
export function holding(shape: RunShape): Usage {
  const records = { writeUnits: 7, readUnits: 5 };
  return sum(agentCall(work.execute, { ...shape, agentSeconds: 0 }), records, queueMessage);
}

/** One delivery that succeeds at its first attempt: planned by the table's stream, then sent. */
export function delivery(shape: RunShape): Usage {
  // The plan reads the run's record, links and connectors; the attempt reads the whole run, and the connector with its
  // secrets.
  const readUnits = units(endedRecordKb(shape), 4) + wholeRunReads(shape) + 3;
  // The run leaves the index of open items. The delivery is stored with three index entries, claimed, recorded, and
  // leaves that index too.
  const writeUnits = units(endedRecordKb(shape), 1) + 1 + 4 + 1 + 2;
  const usage = { writeUnits, readUnits, objectReads: objects(shape) };
  return sum(call(work.plan), call(work.deliver), queueMessage, usage, keptKb(2));
}

/** A month without events. */
export function idleMonth(): Usage {
  return sum(times(call(work.reconcile), minutesPerMonth), {
    // The reconciler queries 13 partitions for due items, at half a unit each.
    readUnits: 6.5 * minutesPerMonth,
    ...polledQueues(idleResources.queues),
    alarmMetrics: idleResources.alarmMetrics,
    secrets: idleResources.secrets,
  });
}

/** Number of resources of a deployment that cost money while idle. */
export const idleResources = { queues: 7, alarmMetrics: 41, secrets: 2 } as const;

/**
 * Polls of queues that functions read: Lambda keeps five long polls of 20 s on each (Lambda's guide, "Using Lambda with
 * Amazon SQS").
 */
export function polledQueues(count: number): Usage {
  return { queueRequests: count * 5 * 3 * minutesPerMonth };
}

/** Pollers of event source mappings, which run all month, however few events arrive. */
export function pollers(count: number): Usage {
  return { pollerHours: count * hoursPerMonth };
}

/**
 * Polls of open and visible dashboard tabs for changes, every 5 s.
 *
 * @param tabHours of all tabs together
 */
export function openDashboards(tabHours: number): Usage {
  const looks = (tabHours * 3_600) / 5;
  return times(sum(gatewayRequest, call(work.events), { readUnits: lookReadUnits }), looks);
}

/**
 * One poll in a busy system, assuming 20 connectors. It queries 16 partitions for the newest 13 runs and deliveries
 * each, at half a unit per 4 kB, then reads the current state of the newest 50 of each.
 */
const lookReadUnits = 16 * 1 + 16 * 0.5 + 50 + 50 + (1.5 + 20);

/** A month's statistics, read once: half a unit per 4 kB of index, at 250 bytes per run. */
export function statisticsRead(runs: number): Usage {
  return { readUnits: runs * 0.032 };
}

/**
 * A customer managed key, assuming that everything is busy all month. In five minutes, SQS calls KMS twice for each
 * sender and once for each receiver of a queue, and DynamoDB once for each function that calls it (SQS developer guide,
 * "Key management"; DynamoDB developer guide, "Encryption at rest").
 */
export function ownKey(): Usage {
  const eachFiveMinutes = 3 * idleResources.queues + functionsOnTable;
  return { keys: 1, keyRequests: (eachFiveMinutes * minutesPerMonth) / 5 };
}

/** Number of functions that call the table. */
const functionsOnTable = 11;

function queuedRun(shape: RunShape): Usage {
  return sum(dispatched(shape), queueMessage, agentCall(work.execute, shape), executed(shape), kept(shape));
}

/**
 * The run with its entries in four indexes. A small payload is in the run's own record. A larger one is in the
 * trigger's record, and one transaction writes both at twice the price.
 */
function dispatched(shape: RunShape): Usage {
  const records = isAlone(shape)
    ? units(runRecordKb(shape), 1)
    : 2 * (1 + units(0.3 + compressedKb(shape), 1));
  return { writeUnits: records + 4, objectWrites: objects(shape) };
}

/** Claim and end, each with the index entry of the open run, one entry for the statistics, and the attempt's record. */
function executed(shape: RunShape): Usage {
  const attempt = units(0.5 + compressedKb(shape), 1);
  const writeUnits = units(runRecordKb(shape), 1) + 1 + units(endedRecordKb(shape), 1) + 2 + attempt;
  const readUnits = wholeRunReads(shape) + 1;
  return { writeUnits, readUnits, objectWrites: objects(shape), objectReads: objects(shape) };
}

/** Size of the run's own record: while the run is open, and with what its end adds. */
const runRecordKb = (shape: RunShape) => 0.45 + ownKb(shape);
const endedRecordKb = (shape: RunShape) => 0.55 + ownKb(shape);

function ownKb(shape: RunShape): number {
  return isAlone(shape) ? compressedKb(shape) : 0;
}

/** The records of the run and its attempts, and the trigger's record if it is separate. */
function wholeRunReads(shape: RunShape): number {
  const trigger = isAlone(shape) ? 0 : units(0.3 + compressedKb(shape), 4);
  return trigger + units(endedRecordKb(shape) + 0.5 + compressedKb(shape), 4);
}

/** Storage of payload and output, and of the run's record with its copies in the indexes. */
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
 * Events are JSON. Compression leaves about half of their first kB, and less of the rest, which repeats earlier text
 * (measured on orders, see `usage.aws.test.ts`).
 */
const compressed = { firstKb: 2, shareOfFirst: 0.5, shareOfRest: 0.3 } as const;
/** Up to this compressed size, a payload is kept in its run's own record. */
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

/** DynamoDB rounds a write up to the next kB, and a read to the next 4 kB. */
function units(kb: number, kbPerUnit: number): number {
  return Math.ceil(kb / kbPerUnit);
}

/** Adds up usages. */
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
