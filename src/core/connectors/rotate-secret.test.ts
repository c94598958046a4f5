import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type RunningProduct, runProduct } from '../../../test/running-product.ts';
import { RetryableError } from '../errors.ts';
import type { Engine } from '../ports/engine.ts';
import { matchesSecret } from './connector-secrets.ts';
import { rotateSecret, showSecret } from './rotate-secret.ts';

let product: RunningProduct;
let engine: Engine;

beforeAll(async () => {
  product = await runProduct();
  engine = product.engine;
});

afterAll(() => product.stop());

async function rotated(id: string, graceSeconds: number): Promise<string> {
  const outcome = await rotateSecret(engine, 'tester', id, graceSeconds);
  if (outcome.outcome !== 'shown') throw new Error(outcome.detail);
  return outcome.secret;
}

async function accepts(id: string, secret: string, inSeconds = 0): Promise<boolean> {
  const connector = await engine.connectors.get(id);
  return matchesSecret(secret, connector?.secretHashes ?? [], engine.clock() + inSeconds * 1_000);
}

/** An engine that crashes at its `step`-th write. */
function dyingAt(step: number): Engine {
  let writes = 0;
  const unlessDead = async <Result>(write: () => Promise<Result>): Promise<Result> => {
    writes += 1;
    if (writes >= step) throw new RetryableError('killed');
    return write();
  };
  return {
    ...engine,
    connectors: {
      ...engine.connectors,
      replace: (connector) => unlessDead(() => engine.connectors.replace(connector)),
    },
    secrets: {
      ...engine.secrets,
      change: (id, change) => unlessDead(() => engine.secrets.change(id, change)),
    },
  };
}

describe('rotating a secret', () => {
  test('leaves the old one valid for the grace, and no longer', async () => {
    const { id, secret: old } = await product.connect('inbound', ['echo']);
    const renewed = await rotated(id, 60);
    expect(renewed).not.toBe(old);
    expect(await accepts(id, renewed, 1_000_000)).toBe(true);
    expect(await accepts(id, old, 59)).toBe(true);
    expect(await accepts(id, old, 61)).toBe(false);
  });

  test('twice keeps the promise that was made to the first one', async () => {
    const { id, secret: first } = await product.connect('inbound', ['echo']);
    const second = await rotated(id, 60);
    await rotated(id, 3_600);
    expect(await accepts(id, first, 59)).toBe(true);
    expect(await accepts(id, first, 61)).toBe(false);
    expect(await accepts(id, second, 3_500)).toBe(true);
  });

  test('without a grace ends every earlier one at once', async () => {
    const { id, secret: first } = await product.connect('inbound', ['echo']);
    const second = await rotated(id, 3_600);
    const third = await rotated(id, 0);
    expect([await accepts(id, first), await accepts(id, second), await accepts(id, third)]).toEqual([
      false,
      false,
      true,
    ]);
    expect((await engine.secrets.get(id)).previous).toBeNull();
  });

  test.each([0, 60])(
    'shows a secret that works, when two rotate at once (grace %s s)',
    async (graceSeconds) => {
      const { id } = await product.connect('inbound', ['echo']);
      const overtaken: Engine = {
        ...engine,
        secrets: {
          ...engine.secrets,
          async change(connectorId, change) {
            await rotated(id, graceSeconds);
            return engine.secrets.change(connectorId, change);
          },
        },
      };
      await rotateSecret(overtaken, 'tester', id, graceSeconds);
      const shown = await showSecret(engine, 'tester', id);
      expect(shown.outcome === 'shown' && (await accepts(id, shown.secret, 1_000_000))).toBe(true);
    },
  );

  test.each([1, 2, 3])('shows a secret that works, wherever it is killed (at write %s)', async (step) => {
    const { id, secret: old } = await product.connect('inbound', ['echo']);
    await expect(rotateSecret(dyingAt(step), 'tester', id, 0)).rejects.toThrow(RetryableError);
    const shown = await showSecret(engine, 'tester', id);
    expect(shown.outcome === 'shown' && (await accepts(id, shown.secret, 1_000_000))).toBe(true);
    expect(await accepts(id, old)).toBe(true);
    const again = await rotated(id, 0);
    expect([await accepts(id, old), await accepts(id, again)]).toEqual([false, true]);
  });

  test('and showing one are written into the audit log, without the secret', async () => {
    const { id } = await product.connect('inbound', ['echo']);
    const secret = await rotated(id, 0);
    await showSecret(engine, 'tester', id);
    const { items } = await engine.audit.list({ limit: 10, cursor: null, subject: id });
    expect(items.map(({ actor, action }) => `${actor} ${action}`)).toEqual([
      'tester secret.shown',
      'tester secret.rotated',
      'admin-token connector.created',
    ]);
    expect(JSON.stringify(items)).not.toContain(secret);
  });

  test('of a connector that does not exist is refused', async () => {
    const refusal = { outcome: 'refused', reason: 'connector-not-found' };
    expect(await rotateSecret(engine, 'tester', 'gone', 0)).toMatchObject(refusal);
    expect(await showSecret(engine, 'tester', 'gone')).toMatchObject(refusal);
  });
});

describe('showing a secret', () => {
  test('tells until when the one before is valid too', async () => {
    const { id } = await product.connect('inbound', ['echo']);
    const before = engine.clock();
    const secret = await rotated(id, 60);
    const shown = await showSecret(engine, 'tester', id);
    expect(shown).toMatchObject({ outcome: 'shown', secret });
    const validUntil = shown.outcome === 'shown' ? (shown.previousValidUntil ?? 0) : 0;
    expect(validUntil).toBeGreaterThanOrEqual(before + 60_000);
  });
});
