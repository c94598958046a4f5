import { describe, expect, test } from '@jest/globals';
import { sendJson } from './sender.ts';
import { useTargetWithModel } from './target-with-model.ts';
import * as wire from './wire.ts';

const model = useTargetWithModel(() => ({ text: 'Nice to meet you.' }));
const { operator } = model.target;

/** Talks to an agent over a connector of its own. Each message gives what the model was sent for it. */
async function talkTo(agent: string) {
  const connector = await operator.createConnector({ mode: 'sync', agents: [agent] });
  return async (payload: Readonly<Record<string, string>>): Promise<string> => {
    const before = model.requests.length;
    const { result } = wire.syncAnswer.parse((await sendJson(connector, payload)).json);
    expect(result).toMatchObject({ status: 'completed', output: 'Nice to meet you.' });
    return JSON.stringify(model.requests.slice(before).map(({ body }) => body));
  };
}

describe('an agent with a session', () => {
  test('remembers the conversation by a key of the payload, and keeps others apart', async () => {
    const say = await talkTo('chat');
    await say({ conversation: 'one', message: 'My name is Ada.' });
    await say({ conversation: 'two', message: 'My name is Grace.' });
    const sent = await say({ conversation: 'one', message: 'What is my name?' });
    expect(sent).toContain('My name is Ada.');
    expect(sent).toContain('Nice to meet you.');
    expect(sent).toContain('What is my name?');
    expect(sent).not.toContain('Grace');
  });

  test('remembers it by a key that its middleware puts into the context', async () => {
    const say = await talkTo('visitor-chat');
    await say({ email: 'Ada@shop.example', message: 'I like violets.' });
    await say({ email: 'grace@shop.example', message: 'I like roses.' });
    const sent = await say({ email: ' ada@shop.example', message: 'What do I like?' });
    expect(sent).toContain('I like violets.');
    expect(sent).not.toContain('roses');
  });

  test('keeps no conversation of a run without a key', async () => {
    const say = await talkTo('visitor-chat');
    await say({ message: 'I like tulips.' });
    expect(await say({ message: 'What do I like?' })).not.toContain('tulips');
  });
});
