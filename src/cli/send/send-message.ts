import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import { text as textOf } from 'node:stream/consumers';
import { WebSocket } from 'ws';
import type { SampleRequest } from '../../core/connectors/connector-type.ts';
import type { SentMeaning, SocketWay } from '../../core/connectors/ways.ts';
import { refusal, unreachable } from '../api-request.ts';
import { CliFailure } from '../cli-failure.ts';
import type { Output } from '../output.ts';
import { printable } from '../printable.ts';
import { whileWaiting } from '../spinner.ts';

/**
 * Connects, sends one message, and prints the answers: text of a single agent as it arrives; under `--json`, one line
 * for each message of the server.
 *
 * @throws CliFailure if the connection is refused, the message is refused, or a run failed
 */
export async function sendMessage(
  name: string,
  { url, headers, body }: SampleRequest,
  meaningOf: NonNullable<SocketWay['meaningOf']>,
  output: Output,
): Promise<void> {
  const socket = new WebSocket(url, { headers });
  const answers = new PrintedAnswers(output);
  try {
    // The first message may arrive together with the handshake.
    socket.on('message', (data) => {
      const text = String(data);
      if (output.json) output.line(JSON.parse(text), () => '');
      answers.take(meaningOf(text));
      if (answers.areComplete()) socket.close();
    });
    await whileWaiting(`connecting to "${name}"`, () => opened(socket));
    const closed = once(socket, 'close');
    socket.send(String(body));
    await closed;
  } finally {
    socket.terminate();
  }
  answers.judge();
}

async function opened(socket: WebSocket): Promise<void> {
  const { origin } = new URL(socket.url.replace(/^ws/, 'http'));
  const refused = new Promise<never>((_resolve, reject) => {
    socket.on('error', (thrown) => reject(unreachable(origin, thrown)));
    socket.once('unexpected-response', (_request, response: IncomingMessage) => {
      const refuse = (text: string) => reject(refusal(origin, response.statusCode ?? 0, parsed(text)));
      textOf(response).then(refuse, reject);
    });
  });
  await Promise.race([once(socket, 'open'), refused]);
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

type Failure = Extract<SentMeaning, { kind: 'failed' }>;

class PrintedAnswers {
  readonly #output: Output;
  #runs = 0;
  #ended = 0;
  #isTextWritten = false;
  #failure: Failure | null = null;

  constructor(output: Output) {
    this.#output = output;
  }

  take(meaning: SentMeaning): void {
    if (meaning.kind === 'started') this.#runs = meaning.runIds.length;
    if (meaning.kind === 'text' && this.#runs === 1) this.#write(meaning.text);
    if (meaning.kind === 'answer') this.#end(meaning);
    if (meaning.kind === 'failed') {
      this.#ended += 1;
      this.#failure ??= meaning;
    }
  }

  /** Every run has ended, or none was started. */
  areComplete(): boolean {
    return this.#failure?.runId === null || (this.#runs > 0 && this.#ended >= this.#runs);
  }

  /** @throws CliFailure if something failed */
  judge(): void {
    const failure = this.#failure;
    if (failure === null && this.areComplete()) return;
    if (failure === null) throw new CliFailure('failed', 'The connection ended before the answer arrived.');
    const logs = failure.runId === null ? '' : ` (npx connectors logs ${failure.runId})`;
    throw new CliFailure('failed', `${printable(failure.detail)}${logs}`);
  }

  #write(text: string): void {
    if (!this.#output.json) process.stdout.write(printable(text));
    this.#isTextWritten = true;
  }

  #end({ agent, output }: Extract<SentMeaning, { kind: 'answer' }>): void {
    this.#ended += 1;
    if (this.#output.json) return;
    const shown = printable(output);
    if (this.#isTextWritten) process.stdout.write('\n');
    else process.stdout.write(`${this.#runs === 1 ? shown : `${agent}: ${shown}`}\n`);
  }
}
