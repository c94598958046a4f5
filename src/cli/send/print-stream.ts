import { EventSourceParserStream } from 'eventsource-parser/stream';
import * as z from 'zod';
import { errorBody } from '../../api/contract/index.ts';
import { CliFailure } from '../cli-failure.ts';
import type { Output } from '../output.ts';
import { printable } from '../printable.ts';
import { filteredAnswer, filteredNote, judge, syncAnswer } from './run-answer.ts';

const chunk = z.object({ text: z.string() });

/**
 * Prints the text of a streamed response as it arrives; under `--json`, one line per event.
 *
 * @throws CliFailure if the stream ends with an error or without a result, or the run failed
 */
export async function printStream(response: Response, output: Output): Promise<void> {
  const messages = response.body
    ?.pipeThrough(new TextDecoderStream())
    .pipeThrough(new EventSourceParserStream());
  let streamedText = '';
  for await (const { event, data } of messages ?? []) {
    const body: unknown = JSON.parse(data);
    if (output.json) output.line({ event, data: body }, () => '');
    else if (event === 'chunk') streamedText += writeText(chunk.parse(body).text);
    if (event === 'error') throw new CliFailure('failed', errorBody.parse(body).detail);
    if (filteredAnswer.safeParse(body).success) return output.note(filteredNote);
    if (event === 'result') return end(syncAnswer.parse(body), streamedText, output);
  }
  throw new CliFailure('failed', 'The stream ended before the result arrived.');
}

function writeText(text: string): string {
  process.stdout.write(printable(text));
  return text;
}

/** Prints the output of a run that streamed no text (a tool agent). */
function end(answer: z.infer<typeof syncAnswer>, streamedText: string, output: Output): void {
  if (!output.json)
    process.stdout.write(streamedText === '' ? `${printable(answer.result.output ?? '')}\n` : '\n');
  judge(answer, output);
}
