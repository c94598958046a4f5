import { createHmac, timingSafeEqual } from 'node:crypto';
import type { AcceptedEvent, Received } from '../connectors/received.ts';
import type { ChainSigner } from '../ports/chain-signer.ts';
import type { Engine } from '../ports/engine.ts';
import { type Refusal, refuse } from '../refusal.ts';
import type { RunRecord } from './run.ts';

/** Name of the header or message attribute that carries a chain. */
export const chainHeader = 'x-connic-chain';

/** How many runs may lead to another, each to the next, unless the operator sets another limit. */
export const defaultMaxDepth = 10;

const idBytes = 16;
/** More runs than any limit allows. */
const longestChain = 200;
const macBytes = 16;

/** The ids of runs that led to an event, first one first, as a signed text for a header. */
export function writeChain(key: Uint8Array, runIds: readonly string[]): string {
  const ids = runIds.slice(-longestChain).map((id) => id.replaceAll('-', ''));
  const text = Buffer.from(ids.join(''), 'hex').toString('base64url');
  return `${text}.${macOf(key, text).toString('base64url')}`;
}

/** The runs of a signed text. Empty if the text does not come from this deployment: its sender counts as the first. */
export function readChain(key: Uint8Array, signed: string): readonly string[] {
  const [text = '', mac = ''] = signed.split('.', 2);
  if (text.length > Math.ceil((longestChain * idBytes * 4) / 3)) return [];
  const given = Buffer.from(mac, 'base64url');
  if (given.length !== macBytes || !timingSafeEqual(given, macOf(key, text))) return [];
  const bytes = Buffer.from(text, 'base64url');
  return Array.from({ length: Math.floor(bytes.length / idBytes) }, (_, index) =>
    uuidOf(bytes.subarray(index * idBytes, (index + 1) * idBytes)),
  );
}

function macOf(key: Uint8Array, text: string): Buffer {
  return createHmac('sha256', key).update(`run chain\n${text}`).digest().subarray(0, macBytes);
}

function uuidOf(bytes: Buffer): string {
  return bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
}

/** The chain of what a run starts, signed. */
export function signedChainOf(chains: ChainSigner, { chain, runId }: RunRecord): Promise<string> {
  return chains.sign([...chain, runId]);
}

/** Refuses what would be an endless loop; `null` if few enough runs led to it. */
export function refuseLongChain(chain: readonly string[], maxDepth: number): Refusal<'too-deep'> | null {
  if (chain.length <= maxDepth) return null;
  return refuse(
    'too-deep',
    `${chain.length} runs led to this event, each to the next, and ${maxDepth} are allowed: this may be an endless ` +
      `loop. Nothing was started. The runs: ${chain.join(', ')}.`,
  );
}

/**
 * Finds out which runs led to an event that carries their chain, and refuses it if they are too many.
 *
 * @throws RetryableError when the store is unavailable
 */
export function followChain(engine: Engine, received: Received): Received | Promise<Received> {
  if (received.outcome !== 'accepted' || received.signedChain === undefined) return received;
  return follow(engine, received, received.signedChain);
}

async function follow(engine: Engine, received: AcceptedEvent, signedChain: string): Promise<Received> {
  const chain = await engine.chains.read(signedChain);
  const tooLong = refuseLongChain(chain, engine.settings.maxDepth);
  if (tooLong !== null) return { outcome: 'refused', reason: tooLong.reason, detail: tooLong.detail };
  return { ...received, chain };
}
