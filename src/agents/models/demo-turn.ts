import type { LanguageModelV4CallOptions, LanguageModelV4Message } from '@ai-sdk/provider';
import { type JsonValue, jsonObject } from '../../core/json/json-value.ts';
import { plainWireName } from '../run/tool-names.ts';
import { type DemoStep, readDemoScript } from './demo-script.ts';
import { demoValue } from './demo-value.ts';

/** What the demo model does in one call, after waiting. */
export type DemoTurn = { readonly waitMs: number } & (
  | {
      readonly kind: 'call';
      readonly toolCallId: string;
      readonly toolName: string;
      readonly input: JsonValue;
    }
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'fail'; readonly message: string }
);

/** Maximum characters of the input, and of a tool's result, that an answer repeats. */
const excerptLength = 200;

/**
 * Decides from the conversation alone: the user's last message contains the script, and each assistant message since
 * has made one of its calls.
 */
export function demoTurn(options: LanguageModelV4CallOptions): DemoTurn {
  const lastUserIndex = options.prompt.findLastIndex(({ role }) => role === 'user');
  const input = textOfMessage(options.prompt[lastUserIndex]);
  const since = options.prompt.slice(lastUserIndex + 1);
  const callsMade = since.filter(({ role }) => role === 'assistant').length;
  const { waitMs, step } = nextStep(readDemoScript(input), callsMade);
  switch (step?.kind) {
    case 'call': {
      const toolName = plainWireName(step.tool);
      return { waitMs, kind: 'call', toolCallId: `demo-call-${callsMade + 1}`, toolName, input: step.input };
    }
    case 'fail':
      return { waitMs, kind: 'fail', message: step.message };
    case 'say':
      return { waitMs, kind: 'text', text: step.text };
    default:
      return { waitMs, kind: 'text', text: answerText(options, input, since) };
  }
}

type Deed = Exclude<DemoStep, { kind: 'wait' }>;

/** The first step that is not done, and the waits directly before it. */
function nextStep(script: readonly DemoStep[], callsMade: number): { waitMs: number; step: Deed | null } {
  let waitMs = 0;
  let callsLeft = callsMade;
  for (const step of script) {
    if (step.kind === 'wait') {
      waitMs += step.milliseconds;
      continue;
    }
    if (step.kind !== 'call' || callsLeft === 0) return { waitMs, step };
    callsLeft -= 1;
    waitMs = 0;
  }
  return { waitMs, step: null };
}

function answerText(
  { responseFormat }: LanguageModelV4CallOptions,
  input: string,
  since: readonly LanguageModelV4Message[],
): string {
  const results = since.flatMap(resultsOf);
  const facts = [
    'This is the built-in demo model; no AI was asked.',
    `It got: ${excerpt(input)}`,
    ...results.map((result) => `A tool answered: ${excerpt(result)}`),
  ];
  const schema = jsonObject.safeParse(responseFormat?.type === 'json' ? responseFormat.schema : undefined);
  return schema.success ? JSON.stringify(demoValue(schema.data, facts.join(' '))) : facts.join('\n');
}

function textOfMessage(message: LanguageModelV4Message | undefined): string {
  if (message?.role !== 'user') return '';
  return message.content
    .map((part) => (part.type === 'text' ? part.text : `[${part.filename ?? part.mediaType}]`))
    .join('\n');
}

function resultsOf(message: LanguageModelV4Message): string[] {
  if (message.role !== 'tool') return [];
  return message.content.flatMap((part) => {
    if (part.type !== 'tool-result' || !('value' in part.output)) return [];
    const { value } = part.output;
    return [typeof value === 'string' ? value : JSON.stringify(value)];
  });
}

function excerpt(text: string): string {
  return text.length <= excerptLength ? text : `${text.slice(0, excerptLength)}...`;
}
