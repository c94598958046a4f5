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

/** OpenAI's Responses API, also as Azure serves it, which takes the key in a header of its own. */
export function startOpenAiServer(options: ModelServerOptions): Promise<ModelServer> {
  return startModelServer(format, options);
}

const usage = {
  input_tokens: reportedUsage.input,
  input_tokens_details: { cached_tokens: reportedUsage.cached },
  output_tokens: reportedUsage.output,
  output_tokens_details: { reasoning_tokens: 0 },
  total_tokens: reportedUsage.input + reportedUsage.output,
};

const format: WireFormat = {
  basePath: '/v1',
  keyOf: ({ headers }) => headers['api-key'] ?? headers.authorization?.replace('Bearer ', ''),
  wantsStream: ({ body }) => body.stream === true,
  answer: (answer) => responseOf(answer),
  stream: (answer) => {
    const { output: _output, usage: _usage, ...created } = responseOf(answer);
    const items = itemsOf(answer);
    const ended = 'truncated' in answer ? 'response.incomplete' : 'response.completed';
    return [
      ...sseEvent({ type: 'response.created', response: { ...created, status: 'in_progress', output: [] } }),
      ...items.flatMap((item, index) => itemEvents(answer, item, index)),
      ...sseEvent({ type: ended, response: responseOf(answer) }),
    ];
  },
  error: (status, message) => ({ error: { message, type: errorType(status), param: null, code: null } }),
};

function responseOf(answer: Answer): JsonObject {
  const isTruncated = 'truncated' in answer;
  return {
    id: 'resp_1',
    object: 'response',
    created_at: 1_700_000_000,
    status: isTruncated ? 'incomplete' : 'completed',
    incomplete_details: isTruncated ? { reason: 'max_output_tokens' } : null,
    error: null,
    model: 'gpt-5.2',
    output: itemsOf(answer),
    usage,
  };
}

function itemsOf(answer: Answer): JsonObject[] {
  if (!('toolCalls' in answer)) return [{ ...message, content: [contentOf(answer)] }];
  return answer.toolCalls.map((call, index) => ({
    type: 'function_call',
    id: `fc_${index + 1}`,
    call_id: `call_${index + 1}`,
    status: 'completed',
    name: call.name,
    arguments: JSON.stringify(call.arguments),
  }));
}

const message = { type: 'message', id: 'msg_1', status: 'completed', role: 'assistant' };

function contentOf(answer: Exclude<Answer, { readonly toolCalls: unknown }>): JsonObject {
  if ('refusal' in answer) return { type: 'refusal', refusal: answer.refusal };
  const text = 'text' in answer ? wholeText(answer.text) : answer.truncated;
  return { type: 'output_text', text, annotations: [] };
}

function itemEvents(answer: Answer, item: JsonObject, index: number): string[] {
  const place = { output_index: index, item_id: String(item.id) };
  const started = item.type === 'message' ? { ...item, content: [] } : { ...item, arguments: '' };
  return [
    ...sseEvent({ type: 'response.output_item.added', output_index: index, item: started }),
    ...deltasOf(answer, item).flatMap((delta) => sseEvent({ ...place, content_index: 0, ...delta })),
    ...sseEvent({ type: 'response.output_item.done', output_index: index, item }),
  ];
}

function deltasOf(answer: Answer, item: JsonObject): JsonObject[] {
  if ('text' in answer) {
    return piecesOf(answer.text).map((delta) => ({ type: 'response.output_text.delta', delta }));
  }
  if ('toolCalls' in answer) {
    return [{ type: 'response.function_call_arguments.delta', delta: String(item.arguments) }];
  }
  if ('refusal' in answer) return [{ type: 'response.refusal.delta', delta: answer.refusal }];
  return [{ type: 'response.output_text.delta', delta: answer.truncated }];
}

function errorType(status: number): string {
  if (status === 429) return 'rate_limit_exceeded';
  return status >= 500 ? 'server_error' : 'invalid_request_error';
}
