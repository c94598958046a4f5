import { setTimeout as sleep } from 'node:timers/promises';
import type {
  LanguageModelV4,
  LanguageModelV4CallOptions,
  LanguageModelV4GenerateResult,
  LanguageModelV4StreamPart,
} from '@ai-sdk/provider';
import { type DemoTurn, demoTurn } from './demo-turn.ts';
import type { ModelAdapter } from './model-adapter.ts';

/** Between two words of a streamed answer: slow enough to see, fast enough not to hold up the reader. */
const wordDelayMs = 10;
/** A common rule of thumb for English text; the numbers are marked as estimates. */
const charactersPerToken = 4;

const warning = {
  type: 'other' as const,
  message: 'The output is from the built-in demo model, not from an AI. Its token counts are estimates.',
};
const providerMetadata = { demo: { demo: true, tokensAreEstimates: true } };

/** `demo/scripted`: deterministic, offline, no key; for trying the product (docs/models.md, "The demo model"). */
export const demo: ModelAdapter = {
  create: (modelId) => new DemoModel(modelId),
};

class DemoModel implements LanguageModelV4 {
  readonly specificationVersion = 'v4';
  readonly provider = 'demo';
  readonly supportedUrls = {};
  readonly modelId: string;

  constructor(modelId: string) {
    this.modelId = modelId;
  }

  async doGenerate(options: LanguageModelV4CallOptions): Promise<LanguageModelV4GenerateResult> {
    const turn = demoTurn(options);
    await pause(turn, options.abortSignal);
    return {
      content: [contentOf(turn)],
      finishReason: finishReasonOf(turn),
      usage: estimatedUsage(options, turn),
      warnings: [warning],
      providerMetadata,
    };
  }

  async doStream(options: LanguageModelV4CallOptions) {
    const turn = demoTurn(options);
    await pause(turn, options.abortSignal);
    return { stream: ReadableStream.from(streamParts(options, turn)) };
  }
}

/** @throws Error if the script says `fail` */
async function pause(turn: DemoTurn, signal: AbortSignal | undefined): Promise<void> {
  if (turn.waitMs > 0) await sleep(turn.waitMs, undefined, signal === undefined ? {} : { signal });
  if (turn.kind === 'fail') throw new Error(turn.message);
}

function contentOf(turn: DemoTurn): LanguageModelV4GenerateResult['content'][number] {
  if (turn.kind !== 'call') return { type: 'text', text: turn.kind === 'text' ? turn.text : '' };
  const { toolCallId, toolName, input } = turn;
  return { type: 'tool-call', toolCallId, toolName, input: JSON.stringify(input) };
}

function finishReasonOf(turn: DemoTurn): LanguageModelV4GenerateResult['finishReason'] {
  return { unified: turn.kind === 'call' ? 'tool-calls' : 'stop', raw: undefined };
}

async function* streamParts(
  options: LanguageModelV4CallOptions,
  turn: DemoTurn,
): AsyncGenerator<LanguageModelV4StreamPart> {
  yield { type: 'stream-start', warnings: [warning] };
  const content = contentOf(turn);
  if (content.type === 'tool-call') yield content;
  if (content.type === 'text') yield* textParts(content.text, options.abortSignal);
  const usage = estimatedUsage(options, turn);
  yield { type: 'finish', finishReason: finishReasonOf(turn), usage, providerMetadata };
}

async function* textParts(
  text: string,
  signal: AbortSignal | undefined,
): AsyncGenerator<LanguageModelV4StreamPart> {
  yield { type: 'text-start', id: 'text' };
  for (const word of text.match(/\s*\S+|\s+$/g) ?? []) {
    yield { type: 'text-delta', id: 'text', delta: word };
    await sleep(wordDelayMs, undefined, signal === undefined ? {} : { signal });
  }
  yield { type: 'text-end', id: 'text' };
}

function estimatedUsage(options: LanguageModelV4CallOptions, turn: DemoTurn) {
  const content = contentOf(turn);
  const written = content.type === 'text' ? content.text : JSON.stringify(content);
  const input = tokensOf(JSON.stringify(options.prompt));
  const output = tokensOf(written);
  return {
    inputTokens: { total: input, noCache: input, cacheRead: 0, cacheWrite: 0 },
    outputTokens: { total: output, text: output, reasoning: 0 },
  };
}

function tokensOf(text: string): number {
  return Math.ceil(text.length / charactersPerToken);
}
