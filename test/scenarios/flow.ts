import type { ReceivedRequest, Receiver, ReceiverAnswer } from '../receivers/recording-receiver.ts';
import { eventually } from './eventually.ts';
import { type Address, sendJson } from './sender.ts';
import type { Target } from './target.ts';
import * as wire from './wire.ts';

export interface FlowOptions {
  readonly agent?: string;
  /** Of the outbound connector, beyond its URL. */
  readonly config?: Readonly<Record<string, unknown>>;
  readonly answer?: ReceiverAnswer;
}

/** An inbound and an outbound connector of one agent, and the receiver behind the outbound one. */
export async function makeFlow(target: Target, options: FlowOptions = {}) {
  const { agent = 'shout', config = {}, answer } = options;
  const receiver = await target.startReceiver();
  if (answer !== undefined) receiver.answer(() => answer);
  const inbound = await target.operator.createConnector({ mode: 'inbound', agents: [agent] });
  const outbound = await target.operator.createConnector({
    mode: 'outbound',
    agents: [agent],
    config: { url: receiver.url, from_connectors: [inbound.id], ...config },
  });
  return { receiver, inbound, outbound };
}

/** Sends one trigger to an inbound connector with one agent. Gives the id of its run. */
export async function trigger(inbound: Address, payload: unknown = { message: 'hello' }): Promise<string> {
  return wire.inboundAnswer.parse((await sendJson(inbound, payload)).json).run_ids[0] ?? '';
}

/** The first request at a receiver, once it is there. */
export function firstRequest(receiver: Receiver): Promise<ReceivedRequest> {
  return eventually('a request at the receiver', async () => receiver.requests[0]);
}
