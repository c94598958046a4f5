import { readFile } from 'node:fs/promises';
import * as z from 'zod';
import { messageOf } from '../../core/errors.ts';
import type { TokenUsage } from '../../core/runs/run.ts';
import type { AgentProject } from '../agent-project.ts';
import type { ModelEnvironment } from '../models/model-adapter.ts';
import { findProvider, type ModelProvider } from '../models/model-providers.ts';
import { type ResolvedModel, splitModelName } from '../models/resolve-model.ts';
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
type PriceFile = NonNullable<AgentProject['prices']>;

const million = 1_000_000;

/** Whether calls of the model cost nothing, because the product itself answers them. */
export function isFree({ provider }: { readonly provider: ModelProvider }): boolean {
  return provider.prefix === 'demo';
}

/**
 * Cost of one model call in US dollars: from the operator's prices if they have the model, else from the public
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
  return listedCost(provider.priceListId, modelId, usage, run.environment.now());
}

/**
 * Whether the cost of a model's calls is known.
 *
 * @param name `provider/model`
 * @throws Error if the operator's price file cannot be used
 */
export async function hasPrice(
  name: string,
  project: Pick<AgentProject, 'prices'>,
  env: ModelEnvironment,
): Promise<boolean> {
  if (name in (await ownPrices(project, env))) return true;
  const { prefix, modelId } = splitModelName(name);
  const provider = findProvider(prefix, env);
  if (provider === null) return false;
  if (isFree({ provider })) return true;
  const once: TokenUsage = { input: 1, output: 1, total: 2, cached: 0, reasoning: 0 };
  return (await listedCost(provider.priceListId, modelId, once, Date.now())) !== null;
}

async function listedCost(
  providerId: string | null,
  modelId: string,
  usage: TokenUsage,
  now: number,
): Promise<number | null> {
  if (providerId === null) return null;
  const { calcPrice } = await import('@pydantic/genai-prices');
  const tokens = { input_tokens: usage.input, output_tokens: usage.output, cache_read_tokens: usage.cached };
  return calcPrice(tokens, modelId, { providerId, timestamp: new Date(now) })?.total_price ?? null;
}

/** Price files already read, by path: a change requires a restart. */
const filesRead = new Map<string, Promise<PriceFile>>();

async function operatorPrices({ project, environment, warnings }: RunScope): Promise<PriceFile> {
  try {
    return await ownPrices(project, environment.env);
  } catch (thrown) {
    warnings.add(`The price file of PRICES_FILE could not be used: ${messageOf(thrown)}`);
    return {};
  }
}

/** The operator's prices: packed with the project, or read from the file. */
async function ownPrices(
  { prices }: Pick<AgentProject, 'prices'>,
  env: ModelEnvironment,
): Promise<PriceFile> {
  if (prices !== undefined) return prices;
  const path = env['PRICES_FILE'];
  if (path === undefined || path === '') return {};
  const reading = filesRead.get(path) ?? readPrices(path);
  filesRead.set(path, reading);
  try {
    return await reading;
  } catch (thrown) {
    filesRead.delete(path);
    throw thrown;
  }
}

/** Reads a price file. @throws Error if it is missing or invalid */
export async function readPrices(path: string): Promise<PriceFile> {
  const parsed = priceFile.safeParse(JSON.parse(await readFile(path, 'utf8')));
  if (parsed.success) return parsed.data;
  throw new Error(z.prettifyError(parsed.error));
}
