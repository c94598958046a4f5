import * as z from 'zod';
import { type AwsClients, awsClients } from '../../src/engines/aws/clients.ts';

/** What is billed by the piece. DynamoDB's units are those that the account says it took. */
export interface Metered {
  readonly writeUnits: number;
  readonly readUnits: number;
  readonly queueRequests: number;
  readonly objectWrites: number;
  readonly objectReads: number;
}

const nothing: Metered = { writeUnits: 0, readUnits: 0, queueRequests: 0, objectWrites: 0, objectReads: 0 };

const units = z.object({ CapacityUnits: z.number() });
const consumed = z.object({
  ConsumedCapacity: z.union([z.array(units), units.transform((one) => [one])]).optional(),
});
const batch = z.object({ RequestItems: z.record(z.string(), z.object({ Keys: z.array(z.unknown()) })) });

const query = z.object({ ConsistentRead: z.boolean().default(false) });
const queried = z.object({ Items: z.array(z.unknown()) });

/** Clients that count what their calls cost; `takeMeter` tells what came together since it was last asked. */
export async function meteredClients(): Promise<{ clients: AwsClients; takeMeter: () => Metered }> {
  const clients = awsClients();
  let meter = nothing;
  const count = (of: keyof Metered, amount: number) => {
    meter = { ...meter, [of]: meter[of] + amount };
  };
  clients.dynamo.middlewareStack.add(
    (next, { commandName = '' }) =>
      async (call) => {
        const answered = await next({
          ...call,
          input: { ...call.input, ReturnConsumedCapacity: 'TOTAL' },
        });
        const taken =
          commandName === 'QueryCommand'
            ? ofQuery(call.input, answered.output)
            : (consumed.parse(answered.output).ConsumedCapacity ?? ofBatch(call.input));
        const reads = /^(Get|BatchGet|Query)/.test(commandName);
        for (const { CapacityUnits } of taken) count(reads ? 'readUnits' : 'writeUnits', CapacityUnits);
        return answered;
      },
    { step: 'initialize' },
  );
  clients.sqs.middlewareStack.add(
    (next) => (call) => {
      count('queueRequests', 1);
      return next(call);
    },
    { step: 'initialize' },
  );
  (await clients.s3()).middlewareStack.add(
    (next, { commandName = '' }) =>
      (call) => {
        count(commandName.startsWith('Put') ? 'objectWrites' : 'objectReads', 1);
        return next(call);
      },
    { step: 'initialize' },
  );
  return {
    clients,
    takeMeter() {
      const taken = meter;
      meter = nothing;
      return taken;
    },
  };
}

/** The emulator does not look how large the entries are that a query has looked at: half a unit for 4 kB, or a whole one. */
function ofQuery(input: unknown, output: unknown): z.infer<typeof units>[] {
  const bytes = bytesOf(queried.parse(output).Items);
  const each = query.parse(input).ConsistentRead ? 1 : 0.5;
  return [{ CapacityUnits: each * Math.max(1, Math.ceil(bytes / 4_096)) }];
}

/** As DynamoDB counts a value, or a little more (DynamoDB developer guide, "DynamoDB item sizes and formats"). */
function bytesOf(value: unknown): number {
  if (value instanceof Uint8Array) return value.length;
  if (value instanceof Set) return bytesOf([...value]);
  if (typeof value === 'string') return Buffer.byteLength(value);
  if (typeof value !== 'object' || value === null) return 8;
  return Object.entries(value).reduce((sum, [name, part]) => sum + 1 + name.length + bytesOf(part), 3);
}

/** The emulator does not say what a batch took: a unit for each item that is read as it was last written. */
function ofBatch(input: unknown): z.infer<typeof units>[] {
  const tables = Object.values(batch.parse(input).RequestItems);
  return tables.map(({ Keys }) => ({ CapacityUnits: Keys.length }));
}
