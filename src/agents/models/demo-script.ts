import { isJsonObject, type JsonValue, jsonValue } from '../../core/json/json-value.ts';

/** One instruction to the demo model, from one line of a message. */
export type DemoStep =
  /** Call a tool; one call per round, in the order of the lines. */
  | { readonly kind: 'call'; readonly tool: string; readonly input: JsonValue }
  | { readonly kind: 'wait'; readonly milliseconds: number }
  | { readonly kind: 'fail'; readonly message: string }
  /** Answer with exactly this text. */
  | { readonly kind: 'say'; readonly text: string };

const line = /^\s*(call|wait|fail|say)\b[ \t]*(.*?)\s*$/;
const duration = /^(\d+(?:\.\d+)?)\s*(ms|s)$/;

/**
 * Parses the lines of a message that instruct the demo model (docs/models.md, "The demo model"), and ignores all
 * others. In a JSON payload, the lines are in `message`.
 */
export function readDemoScript(message: string): DemoStep[] {
  return plainText(message)
    .split('\n')
    .map(readLine)
    .filter((step) => step !== null);
}

function plainText(message: string): string {
  const parsed = parseJson(message);
  return isJsonObject(parsed) && typeof parsed.message === 'string' ? parsed.message : message;
}

function readLine(text: string): DemoStep | null {
  const [, verb, rest = ''] = line.exec(text) ?? [];
  switch (verb) {
    case 'call':
      return readCall(rest);
    case 'wait':
      return readWait(rest);
    case 'fail':
      return { kind: 'fail', message: rest === '' ? 'The demo model was told to fail.' : rest };
    case 'say':
      return { kind: 'say', text: rest };
    default:
      return null;
  }
}

function readCall(rest: string): DemoStep | null {
  const [tool = '', ...words] = rest.split(/\s+/);
  const input = words.length === 0 ? {} : parseJson(rest.slice(tool.length));
  return /^([\w-]+\.[\w-]+|[a-z]+(_[a-z0-9]+)+)$/.test(tool) && input !== undefined
    ? { kind: 'call', tool, input }
    : null;
}

function readWait(rest: string): DemoStep | null {
  const [, amount, unit] = duration.exec(rest) ?? [];
  return amount === undefined
    ? null
    : { kind: 'wait', milliseconds: Number(amount) * (unit === 's' ? 1_000 : 1) };
}

function parseJson(text: string): JsonValue | undefined {
  try {
    return jsonValue.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}
