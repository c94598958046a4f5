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

/** Anthropic's Messages API. */
export function startAnthropicServer(options: ModelServerOptions): Promise<ModelServer> {
  return startModelServer(format, options);
}

/** Anthropic counts cached tokens apart from the other input. */
const usage = {
  input_tokens: reportedUsage.input - reportedUsage.cached,
  cache_read_input_tokens: reportedUsage.cached,
  cache_creation_input_tokens: 0,
  output_tokens: reportedUsage.output,
};

const format: WireFormat = {
  basePath: '/v1',
  keyOf: ({ headers }) => headers['x-api-key'],
  wantsStream: ({ body }) => body.stream === true,
  answer: (answer) => ({
    ...messageStart(),
    content: blocksOf(answer),
    stop_reason: stopReason(answer),
    usage,
  }),
  stream: (answer) => [
    ...sseEvent({ type: 'message_start', message: { ...messageStart(), usage } }, 'message_start'),
    ...blocksOf(answer).flatMap((block, index) => blockEvents(answer, block, index)),
    ...sseEvent(
      { type: 'message_delta', delta: { stop_reason: stopReason(answer), stop_sequence: null }, usage },
      'message_delta',
    ),
    ...sseEvent({ type: 'message_stop' }, 'message_stop'),
  ],
  error: (status, message) => ({ type: 'error', error: { type: errorType(status), message } }),
};

function messageStart(): JsonObject {
  return {
    id: 'msg_1',
    type: 'message',
    role: 'assistant',
    model: 'claude-sonnet-5',
    content: [],
    stop_reason: null,
    stop_sequence: null,
  };
}

function blocksOf(answer: Answer): JsonObject[] {
  if ('text' in answer) return [{ type: 'text', text: wholeText(answer.text) }];
  if ('truncated' in answer) return [{ type: 'text', text: answer.truncated }];
  if ('refusal' in answer) return [];
  return answer.toolCalls.map((call, index) => ({
    type: 'tool_use',
    id: `toolu_${index + 1}`,
    name: call.name,
    input: call.arguments,
  }));
}

function blockEvents(answer: Answer, block: JsonObject, index: number): string[] {
  const isText = block.type === 'text';
  const empty = isText ? { ...block, text: '' } : { ...block, input: {} };
  const deltas = isText
    ? piecesOf('text' in answer ? answer.text : String(block.text)).map((text) => ({
        type: 'text_delta',
        text,
      }))
    : [{ type: 'input_json_delta', partial_json: JSON.stringify(block.input) }];
  return [
    ...sseEvent({ type: 'content_block_start', index, content_block: empty }, 'content_block_start'),
    ...deltas.flatMap((delta) =>
      sseEvent({ type: 'content_block_delta', index, delta }, 'content_block_delta'),
    ),
    ...sseEvent({ type: 'content_block_stop', index }, 'content_block_stop'),
  ];
}

function stopReason(answer: Answer): string {
  if ('refusal' in answer) return 'refusal';
  if ('truncated' in answer) return 'max_tokens';
  return 'toolCalls' in answer ? 'tool_use' : 'end_turn';
}

function errorType(status: number): string {
  if (status === 429) return 'rate_limit_error';
  return status === 401 ? 'authentication_error' : status >= 500 ? 'api_error' : 'invalid_request_error';
}
