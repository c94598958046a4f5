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

/** Chat completions, as Ollama, vLLM and other OpenAI-compatible servers speak them. */
export function startOpenAiChatServer(options: ModelServerOptions): Promise<ModelServer> {
  return startModelServer(format, options);
}

const completion = { id: 'chatcmpl-1', created: 1_700_000_000, model: 'llama-4' };

const usage = {
  prompt_tokens: reportedUsage.input,
  completion_tokens: reportedUsage.output,
  total_tokens: reportedUsage.input + reportedUsage.output,
  prompt_tokens_details: { cached_tokens: reportedUsage.cached },
};

const format: WireFormat = {
  basePath: '/v1',
  keyOf: ({ headers }) => headers.authorization?.replace('Bearer ', ''),
  wantsStream: ({ body }) => body.stream === true,
  answer: (answer) => ({
    ...completion,
    object: 'chat.completion',
    choices: [
      { index: 0, message: { role: 'assistant', ...messageOf(answer) }, finish_reason: finishReason(answer) },
    ],
    usage,
  }),
  stream: (answer) => [
    ...deltasOf(answer).flatMap((delta) => sseEvent(chunkOf([{ index: 0, delta, finish_reason: null }]))),
    ...sseEvent(chunkOf([{ index: 0, delta: {}, finish_reason: finishReason(answer) }])),
    ...sseEvent({ ...chunkOf([]), usage }),
    'data: [DONE]',
    '',
  ],
  error: (_status, message) => ({ error: { message, type: 'error', param: null, code: null } }),
};

function messageOf(answer: Answer): JsonObject {
  if ('toolCalls' in answer) return { content: null, tool_calls: toolCallsOf(answer) };
  if ('refusal' in answer) return { content: answer.refusal };
  return { content: 'text' in answer ? wholeText(answer.text) : answer.truncated };
}

function deltasOf(answer: Answer): JsonObject[] {
  if ('text' in answer) return piecesOf(answer.text).map((content) => ({ role: 'assistant', content }));
  return [{ role: 'assistant', ...messageOf(answer) }];
}

function toolCallsOf({ toolCalls }: Extract<Answer, { readonly toolCalls: unknown }>): JsonObject[] {
  return toolCalls.map((call, index) => ({
    index,
    id: `call_${index + 1}`,
    type: 'function',
    function: { name: call.name, arguments: JSON.stringify(call.arguments) },
  }));
}

function finishReason(answer: Answer): string {
  if ('refusal' in answer) return 'content_filter';
  if ('truncated' in answer) return 'length';
  return 'toolCalls' in answer ? 'tool_calls' : 'stop';
}

function chunkOf(choices: JsonObject[]): JsonObject {
  return { ...completion, object: 'chat.completion.chunk', choices };
}
