import type * as z from 'zod';
import { isJsonObject } from '../core/json/json-value.ts';
import type { EndedRun } from '../core/runs/run.ts';

/**
 * The fields that a run's output asks to send: those of the output if it is a JSON object with at least one field of
 * `schema`, all of them valid; else the output as `text`. A failed run sends its error.
 *
 * @param schema of an object with a `text`; all its fields are optional, and it strips unknown ones
 */
export function resultFields<Fields extends object>(run: EndedRun, schema: z.ZodType<Fields>): Fields {
  if (run.status !== 'completed') return schema.parse({ text: failureText(run) });
  const output = run.output ?? '';
  const named = schema.safeParse(objectOf(output));
  return named.success && Object.keys(named.data).length > 0 ? named.data : schema.parse({ text: output });
}

function failureText({ agentName, error }: EndedRun): string {
  return `The agent "${agentName}" failed: ${error?.message ?? 'The reason is not known.'}`;
}

function objectOf(output: string): unknown {
  if (!output.trimStart().startsWith('{')) return undefined;
  try {
    const value: unknown = JSON.parse(output);
    return isJsonObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}
