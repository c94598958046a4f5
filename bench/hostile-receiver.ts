import { createServer, type ServerResponse } from 'node:http';
import * as z from 'zod';

// A process that receives deliveries and burdens the sender, until it is killed. Sends its port to its parent.

/** `silent` never answers. `endless` starts an answer that never ends. */
const wanted = z.enum(['silent', 'endless']);
export type ReceiverHabit = z.infer<typeof wanted>;

const piece = Buffer.alloc(64 * 1024, 'x');

const habits: Readonly<Record<ReceiverHabit, (response: ServerResponse) => void>> = {
  silent: () => undefined,
  endless: (response) => {
    response.writeHead(500);
    const send = () => {
      while (!response.destroyed && response.write(piece));
    };
    response.on('drain', send);
    send();
  },
};

const answer = habits[wanted.parse(process.argv[2])];
const server = createServer((request, response) => {
  request.resume();
  answer(response);
}).listen(0, '127.0.0.1', () => process.send?.(server.address()));
