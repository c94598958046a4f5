import { readFile } from 'node:fs/promises';
import * as z from 'zod';
import { messageOf } from '../../core/errors.ts';
import type { TokenUsage } from '../../core/runs/run.ts';
import type { ResolvedModel } from '../models/resolve-model.ts';
import type { RunScope } from './run-scope.ts';

/** US dollars per million tokens, by `provider/model`: the operator's file at `PRICES_FILE`. */
const priceFile = z.record(
  z.string(),
  z.strictObject({
    input_per_million: z.number().nonnegative(),
    output_per_million: z.number().nonnegative(),
    cached_input_per_million: z.number().nonnegative().optional(),
  }),
);
type PriceFile = z.infer<typeof priceFile>;

const million = 1_000_000;

/**
 * Cost of one model call in US dollars: from the operator's price file if it lists the model, else from the public
 * price list; `null` if neither does.
 */
export async function costOf(
  run: RunScope,
  { name, modelId, provider }: ResolvedModel,
  usage: TokenUsage,
): Promise<number | null> {
  const own = (await operatorPrices(run))[name];
  if (own !== undefined) {
    const cachedPrice = own.cached_input_per_million ?? own.input_per_million;
    const input = (usage.input - usage.cached) * own.input_per_million + usage.cached * cachedPrice;
    return (input + usage.output * own.output_per_million) / million;
  }
  if (provider.priceListId === null) return null;
  const { calcPrice } = await import('@pydantic/genai-prices');
  const tokens = { input_tokens: usage.input, output_tokens: usage.output, cache_read_tokens: usage.cached };
  const timestamp = new Date(run.environment.now());
  return calcPrice(tokens, modelId, { providerId: provider.priceListId, timestamp })?.total_price ?? null;
}

/** Price files already read, by path: a change requires a restart. */
const filesRead = new Map<string, Promise<PriceFile>>();

async function operatorPrices({ environment, warnings }: RunScope): Promise<PriceFile> {
  const path = environment.env.PRICES_FILE;
  if (path === undefined || path === '') return {};
  const reading = filesRead.get(path) ?? readPrices(path);
  filesRead.set(path, reading);
  try {
    return await reading;
  } catch (thrown) {
    filesRead.delete(path);
    warnings.add(`The price file of PRICES_FILE could not be used: ${messageOf(thrown)}`);
    return {};
  }
}

/** Reads a price file. @throws Error if it is missing or invalid */
export async function readPrices(path: string): Promise<PriceFile> {
  const parsed = priceFile.safeParse(JSON.parse(await readFile(path, 'utf8')));
  if (parsed.success) return parsed.data;
  throw new Error(z.prettifyError(parsed.error));
}
