import { asSchema, type ModelMessage, type ToolSet } from 'ai';
import type { JsonValue } from '../../core/json/json-value.ts';
import type { LlmAgent } from '../agent-definition.ts';
import type { GeneratedStep, ModelPrompt } from './generate-step.ts';
import { given, type TraceContent } from './trace-recorder.ts';

/** Maximum characters kept of one part of a message. */
const partLength = 8_000;
/** Maximum characters kept of a schema, and of the description of all tools. */
const schemaLength = 8_000;

type Part = Exclude<ModelMessage['content'], string>[number];

/**
 * The request to a model, as attributes of its span (OpenTelemetry, "Semantic conventions for generative AI": input
 * messages, system instructions, tool definitions).
 *
 * @param shown number of messages that earlier spans of the conversation show
 */
export async function askedAttributes(
  content: TraceContent,
  { outputSchema }: LlmAgent,
  prompt: ModelPrompt,
  shown: number,
): Promise<Record<string, JsonValue>> {
  if (!content.isKept) return {};
  const isFirst = shown === 0;
  const messages = prompt.messages.slice(shown);
  return given({
    'gen_ai.system_instructions':
      isFirst && prompt.systemPrompt !== '' ? content.text(prompt.systemPrompt, partLength) : null,
    'gen_ai.input.messages': messages.length === 0 ? null : messagesOf(content, messages),
    'gen_ai.tool.definitions': isFirst ? await toolsOf(content, prompt.tools) : null,
    'gen_ai.output.schema':
      isFirst && outputSchema !== null ? content.json(outputSchema, schemaLength) : null,
  });
}

/** A model's answer, in the same form. */
export function answeredAttributes(content: TraceContent, step: GeneratedStep): Record<string, JsonValue> {
  if (!content.isKept) return {};
  return given({ 'gen_ai.output.messages': messagesOf(content, step.messages) });
}

function messagesOf(content: TraceContent, messages: readonly ModelMessage[]): JsonValue {
  return messages.map(({ role, content: said }) => {
    const parts = typeof said === 'string' ? [{ type: 'text' as const, text: said }] : said;
    return { role, parts: parts.map((part) => partOf(content, part)) };
  });
}

/** Files are named, never shown: they are in the run's payload. */
function partOf(content: TraceContent, part: Part): JsonValue {
  switch (part.type) {
    case 'text':
    case 'reasoning':
      return { type: part.type, content: content.text(part.text, partLength) };
    case 'tool-call': {
      const { toolCallId: id, toolName: name, input } = part;
      return { type: 'tool_call', id, name, arguments: content.json(input, partLength) };
    }
    case 'tool-result': {
      const { toolCallId: id, toolName: name, output } = part;
      const result = 'value' in output ? output.value : output.type;
      return { type: 'tool_call_response', id, name, response: content.json(result, partLength) };
    }
    case 'file':
      return { type: 'file', media_type: part.mediaType, name: part.filename ?? null };
    default:
      return { type: part.type };
  }
}

async function toolsOf(content: TraceContent, tools: ToolSet): Promise<string | null> {
  const entries = Object.entries(tools);
  if (entries.length === 0) return null;
  const described = await Promise.all(
    entries.map(async ([name, { description, inputSchema }]) => ({
      name,
      description,
      parameters: await asSchema(inputSchema).jsonSchema,
    })),
  );
  return content.json(described, schemaLength);
}
