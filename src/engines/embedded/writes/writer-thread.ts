import { parentPort, receiveMessageOnPort, workerData } from 'node:worker_threads';
import { Connection } from '../store/connection.ts';
import { type WriteRequest, writeBatch, writeOperations } from './write-batch.ts';

// Runs in the writer's thread, with the only connection that changes the database.

type Message = readonly WriteRequest[] | 'close';

if (parentPort === null) throw new Error('writer-thread.ts runs in a worker thread');
const port = parentPort;
const file: string = workerData;
const connection = new Connection(file, 'write');
const operations = writeOperations(connection);

/** Messages already waiting share the transaction of the first one. */
port.on('message', (first: Message) => {
  const requests: WriteRequest[] = [];
  let messages = 0;
  let message: Message | undefined = first;
  for (; message !== undefined && message !== 'close'; message = nextMessage()) {
    messages++;
    requests.push(...message);
  }
  if (messages > 0) port.postMessage({ messages, ...writeBatch(connection, operations, requests) });
  if (message === 'close') close();
});

function nextMessage(): Message | undefined {
  const waiting: { message: Message } | undefined = receiveMessageOnPort(port);
  return waiting?.message;
}

function close(): void {
  connection.close();
  port.close();
}
