import { parentPort } from 'node:worker_threads';
import { type FormReading, readForm } from '../../../core/json/read-form.ts';
import { type JsonLimits, type JsonRead, readJson } from '../../../core/json/read-json.ts';

// What runs in the thread of the body reader: reads the bodies that it is sent, in order.

/** A body, and what it is to be read as. */
export type Body = { readonly bytes: Uint8Array; readonly charset: string } & (
  | { readonly kind: 'json'; readonly limits: JsonLimits }
  | { readonly kind: 'form'; readonly reading: FormReading }
);

export interface BodyQuestion {
  readonly id: number;
  readonly body: Body;
}

export interface BodyAnswer {
  readonly id: number;
  readonly read: JsonRead;
}

parentPort?.on('message', ({ id, body }: BodyQuestion) => {
  const { bytes, charset } = body;
  const read =
    body.kind === 'json' ? readJson(bytes, charset, body.limits) : readForm(bytes, charset, body.reading);
  parentPort?.postMessage({ id, read } satisfies BodyAnswer);
});
