import { hkdfSync } from 'node:crypto';
import type { ChainSigner } from '../../../core/ports/chain-signer.ts';
import { readChain, writeChain } from '../../../core/runs/run-chain.ts';

/** Signs with a key derived from the one that seals secrets (HKDF, RFC 5869). */
export function createChainSigner(secretKey: Uint8Array): ChainSigner {
  const key = new Uint8Array(hkdfSync('sha256', secretKey, '', 'agent-connectors/run-chains', 32));
  return {
    sign: async (runIds) => writeChain(key, runIds),
    read: async (signed) => readChain(key, signed),
  };
}
