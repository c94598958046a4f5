import type { JsonObject } from '../../src/core/json/json-value.ts';
import {
  type Answer,
  type ModelServer,
  type ModelServerOptions,
  piecesOf,
  reportedUsage,
  sseEvent,
  startModelServer,
  type WireFormat,
  wholeText,
} from './model-server.ts';

/** Google's Gemini API: `models/{model}:generateContent` and `:streamGenerateContent?alt=sse`. */
export function startGeminiServer(options: ModelServerOptions): Promise<ModelServer> {
  return startModelServer(format, options);
}

const usageMetadata = {
  promptTokenCount: reportedUsage.input,
  candidatesTokenCount: reportedUsage.output,
  totalTokenCount: reportedUsage.input + reportedUsage.output,
  cachedContentTokenCount: reportedUsage.cached,
};

const format: WireFormat = {
  basePath: '/v1beta',
  keyOf: ({ headers }) => headers['x-goog-api-key'],
  wantsStream: ({ path }) => path.includes(':streamGenerateContent'),
  answer: (answer) => responseOf(partsOf(answer), answer),
  stream: (answer) => {
    const parts = 'text' in answer ? piecesOf(answer.text).map((text) => [{ text }]) : [partsOf(answer)];
    return parts.flatMap((part) => sseEvent(responseOf(part, answer)));
  },
  error: (status, message) => ({ error: { code: status, message, status: statusName(status) } }),
};

function partsOf(answer: Answer): JsonObject[] {
  if ('text' in answer) return [{ text: wholeText(answer.text) }];
  if ('truncated' in answer) return [{ text: answer.truncated }];
  if ('refusal' in answer) return [];
  return answer.toolCalls.map((call) => ({ functionCall: { name: call.name, args: call.arguments } }));
}

function responseOf(parts: JsonObject[], answer: Answer): JsonObject {
  const shared = { modelVersion: 'gemini-2.5-flash', responseId: 'gemini-response-1', usageMetadata };
  if ('refusal' in answer) return { ...shared, promptFeedback: { blockReason: 'PROHIBITED_CONTENT' } };
  const finishReason = 'truncated' in answer ? 'MAX_TOKENS' : 'STOP';
  return { ...shared, candidates: [{ content: { role: 'model', parts }, finishReason, index: 0 }] };
}

function statusName(status: number): string {
  if (status === 429) return 'RESOURCE_EXHAUSTED';
  return status === 401 ? 'UNAUTHENTICATED' : status >= 500 ? 'INTERNAL' : 'INVALID_ARGUMENT';
}
