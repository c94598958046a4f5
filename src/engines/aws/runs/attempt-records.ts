import * as z from 'zod';
import { jsonObject } from '../../../core/json/json-value.ts';
import { emptyTrace, logLevels, spanKinds, type Trace } from '../../../core/runs/trace.ts';
import { attemptKey } from '../store/keys.ts';
import { jsonText, objectPrefixes, type PayloadObjects, storedBody } from '../store/payload-objects.ts';
import type { Retention } from '../store/retention.ts';
import type { Item, Table } from '../store/table.ts';
import type { EndContent } from './stored-run.ts';

/** What one attempt has stored: its trace so far, and its end content. */
export interface AttemptContent {
  readonly trace: Trace;
  readonly end: EndContent | null;
}

const storedTrace = z.object({
  spans: z.array(
    z.object({
      spanId: z.string(),
      parentSpanId: z.string().nullable(),
      name: z.string(),
      kind: z.enum(spanKinds),
      startedAt: z.number(),
      endedAt: z.number().nullable(),
      status: z.enum(['running', 'ok', 'error']),
      error: z.string().nullable(),
      attributes: jsonObject,
    }),
  ),
  logs: z.array(
    z.object({ at: z.number(), level: z.enum(logLevels), source: z.string(), message: z.string() }),
  ),
});

/** One text for both: the trace repeats much of the output, which compresses well. */
const attemptText = jsonText.pipe(
  z.object({
    trace: storedTrace,
    end: z
      .object({
        output: z.string().nullable(),
        context: jsonObject.nullable(),
        warnings: z.array(z.string()).nullable(),
      })
      .nullable(),
  }),
);

const nothing: AttemptContent = { trace: emptyTrace, end: null };

export interface AttemptRecords {
  /**
   * Stores an attempt's content under a unique name: its owner's id while it runs, the id of the ending write at its
   * end. An executor that has lost the run therefore overwrites no other content.
   */
  write(runId: string, name: string, content: AttemptContent): Promise<void>;
  /** Empty content if nothing is stored under the name. */
  read(runId: string, name: string | undefined): Promise<AttemptContent>;
  /** The content of an attempt's record. */
  contentOf(item: Item | null): Promise<AttemptContent>;
}

/** @param clock Unix ms */
export function attemptRecords(
  table: Table,
  objects: PayloadObjects,
  retention: Retention,
  clock: () => number,
): AttemptRecords {
  const contentOf = async (item: Item | null): Promise<AttemptContent> => {
    const text = item === null ? null : await objects.read(storedBody.parse(item));
    return text === null ? nothing : attemptText.parse(text);
  };
  return {
    contentOf,
    async write(runId, name, content) {
      const objectKey = `${objectPrefixes.runs}${runId}/${name}`;
      const body = await objects.keep(objectKey, JSON.stringify(content));
      await table.put({ ...attemptKey(runId, name), ...body, expiresAt: retention.expiryOf(clock()) });
    },
    async read(runId, name) {
      return contentOf(name === undefined ? null : await table.get(attemptKey(runId, name)));
    },
  };
}
