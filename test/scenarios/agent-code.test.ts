import { describe, expect, test } from '@jest/globals';
import * as z from 'zod';
import { sendJson } from './sender.ts';
import { useTarget } from './target.ts';
import * as wire from './wire.ts';

const target = useTarget();
const { operator } = target;

/** Calls an agent through a new sync connector, and returns its run. */
async function ask(agent: string, payload: object) {
  const connector = await operator.createConnector({ mode: 'sync', agents: [agent] });
  const { result } = wire.syncAnswer.parse((await sendJson(connector, payload)).json);
  return traced.parse(await operator.run(result.run_id));
}

const traced = z.looseObject({
  output: z.string().nullable(),
  spans: z.array(z.looseObject({ kind: z.string(), name: z.string(), attributes: z.looseObject({}) })),
});

describe('hooks of an agent', () => {
  test('change the arguments and the result of its tool, and the trace shows both', async () => {
    const { output, spans } = await ask('watched-shout', { message: 'hello' });
    expect(output).toBe('HELLO! (seen)');
    expect(spans.filter(({ kind }) => kind === 'hook').map(({ name }) => name)).toEqual([
      'before text.shout',
      'after text.shout',
    ]);
    expect(spans.find(({ kind }) => kind === 'tool')?.attributes).toMatchObject({
      'gen_ai.tool.call.arguments': '{"message":"hello!"}',
    });
  });

  test('can skip a call, and say what its result is', async () => {
    const { output, spans } = await ask('watched-shout', { message: 'secret' });
    expect(output).toBe('text.shout was not called');
    expect(spans.find(({ kind }) => kind === 'tool')?.attributes).toMatchObject({
      'tool.call.skipped': true,
    });
  });
});
