import { parentPort, receiveMessageOnPort, workerData } from 'node:worker_threads';
import { Connection } from '../connection.ts';
import { writeBatch } from './write-batch.ts';
import type { WriteRequest } from './write-messages.ts';
import { writeOperations } from './write-operations.ts';

// What runs in the writer's thread: the only connection that changes the database.

type Message = readonly WriteRequest[] | 'close';

/** Requests of one transaction: what is found waiting, but not so many that the first has to wait long for its answer. */
const maxRequests = 1_000;

if (parentPort === null) throw new Error('writer-thread.ts runs in a worker thread');
const port = parentPort;
const file: string = workerData;
const connection = new Connection(file, 'write');
const operations = writeOperations(connection);

port.on('message', (message: Message) => {
  const requests = message === 'close' ? [] : [...message];
  let closing = message === 'close';
  while (!closing && requests.length < maxRequests) {
    const waiting: { message: Message } | undefined = receiveMessageOnPort(port);
    if (waiting === undefined) break;
    if (waiting.message === 'close') closing = true;
    else requests.push(...waiting.message);
  }
  if (requests.length > 0) port.postMessage(writeBatch(connection, operations, requests));
  if (!closing) return;
  connection.close();
  port.close();
});
