import { allSecrets } from '../connectors/connector-secrets.ts';
import type { MessageDescription } from '../connectors/connector-type.ts';
import type { Engine } from '../ports/engine.ts';
import { hideSecrets } from '../redaction/hide-secrets.ts';
import { deliveryNotFound, type Refusal } from '../refusal.ts';
import type { Delivery, SentMessage } from './delivery.ts';
import { describeMessage, keptMessage, prepareMessage } from './prepare-message.ts';

/** The message of a delivery, rebuilt from its run and its connector. */
export interface ShownMessage extends SentMessage {
  readonly body: string;
  /** Whether the body was cut. */
  readonly isCut: boolean;
  /**
   * Whether the last attempt sent this message to this target: `false` if the connector has changed since, `null` if no
   * attempt recorded its message.
   */
  readonly wasSent: boolean | null;
}

export type ShowDeliveryOutcome =
  | {
      readonly outcome: 'found';
      readonly delivery: Delivery;
      /** `null` if it cannot be built, or if its type does not describe it. */
      readonly message: ShownMessage | null;
    }
  | Refusal<'delivery-not-found'>;

/** In characters; longer bodies are cut. */
const longestBody = 100_000;

/**
 * A delivery with the message that it sends.
 * @throws RetryableError when the store is unavailable
 */
export async function showDelivery(engine: Engine, deliveryId: string): Promise<ShowDeliveryOutcome> {
  const delivery = await engine.deliveries.get(deliveryId);
  if (delivery === null) return deliveryNotFound(deliveryId);
  return { outcome: 'found', delivery, message: await messageOf(engine, delivery) };
}

async function messageOf(engine: Engine, delivery: Delivery): Promise<ShownMessage | null> {
  const opened = await engine.openConnector(delivery.connectorId);
  if (opened === null) return null;
  const now = delivery.attempts.at(-1)?.at ?? engine.clock();
  const prepared = await prepareMessage(engine, delivery, opened, now);
  if (prepared.outcome === 'not-preparable') return null;
  const described = describeMessage(prepared.type, prepared.message);
  if (described === null) return null;
  return shown(described, delivery, allSecrets(opened.secrets));
}

function shown(described: MessageDescription, delivery: Delivery, secrets: readonly string[]): ShownMessage {
  const kept = keptMessage(described, secrets);
  const whole =
    typeof described.body === 'string' ? described.body : new TextDecoder().decode(described.body);
  const sent = lastSent(delivery);
  return {
    ...kept,
    body: hideSecrets(whole, secrets).slice(0, longestBody),
    isCut: whole.length > longestBody,
    wasSent: sent === null ? null : sent.sha256 === kept.sha256 && sent.target === kept.target,
  };
}

/** The message of the last attempt; `null` if unknown. */
function lastSent({ attempts }: Delivery): SentMessage | null {
  return attempts.findLast(({ sent }) => sent !== undefined)?.sent ?? null;
}
