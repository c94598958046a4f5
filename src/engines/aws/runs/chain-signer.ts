import { randomBytes } from 'node:crypto';
import * as z from 'zod';
import type { ChainSigner } from '../../../core/ports/chain-signer.ts';
import { readChain, writeChain } from '../../../core/runs/run-chain.ts';
import { chainKeyKey } from '../store/keys.ts';
import type { Table } from '../store/table.ts';

const storedKey = z.object({ key: z.instanceof(Uint8Array) });
const keyBytes = 32;

/**
 * Signs with a key in the table, which the first signature creates: every function that takes events may read the table,
 * but not every one the sealing key. The key protects nothing but the length of chains.
 */
export function chainSigner(table: Table): ChainSigner {
  let known: Uint8Array | null = null;
  const find = async () => {
    if (known !== null) return known;
    const item = await table.get(chainKeyKey);
    known = item === null ? null : storedKey.parse(item).key;
    return known;
  };
  const make = async () => {
    const isNew = { expression: 'attribute_not_exists(#pk)' };
    await table.put({ ...chainKeyKey, key: randomBytes(keyBytes) }, isNew);
    return find();
  };
  return {
    async sign(runIds) {
      const key = (await find()) ?? (await make());
      if (key === null) throw new Error('the key of chains was removed');
      return writeChain(key, runIds);
    },
    async read(signed) {
      const key = await find();
      return key === null ? [] : readChain(key, signed);
    },
  };
}
