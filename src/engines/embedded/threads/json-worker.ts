import { parentPort } from 'node:worker_threads';
import { type JsonLimits, type JsonRead, readJson } from '../../../core/json/read-json.ts';

// What runs in the thread of the JSON reader: reads the bodies that it is sent, in order.

export interface JsonQuestion {
  readonly id: number;
  readonly bytes: Uint8Array;
  readonly charset: string;
  readonly limits: JsonLimits;
}

export interface JsonAnswer {
  readonly id: number;
  readonly read: JsonRead;
}

parentPort?.on('message', ({ id, bytes, charset, limits }: JsonQuestion) => {
  parentPort?.postMessage({ id, read: readJson(bytes, charset, limits) } satisfies JsonAnswer);
});
