import { Worker } from 'node:worker_threads';
import { compiledCode } from '../threads/compiled-code.ts';
import type { WriteReply } from '../writes/write-messages.ts';

interface WriterListeners {
  readonly onReply: (reply: WriteReply) => void;
  /** Called once; with what ended the thread, where it did not end by itself. */
  readonly onEnded: (cause: Error | undefined) => void;
}

/** The code of the thread that changes the database. */
export const writerCode = new URL('../writes/writer-thread.ts', import.meta.url);

/** Starts a thread that writes to the database file. One whose answer cannot be read is ended: what it did is unknown. */
export function startWriter(file: string, code: URL, { onReply, onEnded }: WriterListeners): Worker {
  // Nothing else of the environment, above all no key, and no option of the command line is needed there.
  const writer = new Worker(code, { workerData: file, env: compiledCode(), execArgv: [] });
  let cause: Error | undefined;
  writer.on('message', onReply);
  writer.on('messageerror', (error) => {
    cause = error;
    // Which of the writes a later answer is for cannot be told any more.
    writer.off('message', onReply);
    void writer.terminate();
  });
  writer.on('error', (error) => {
    cause ??= error;
  });
  writer.on('exit', () => onEnded(cause));
  return writer;
}
