import { describe, expect, test } from '@jest/globals';
import {
  errorOf,
  llmAgent,
  orderTool,
  outputOf,
  runOne,
  sequentialAgent,
  toolAgent,
} from '../../../test/agents/run-one.ts';
import { startOpenAiServer } from '../../../test/model-servers/openai-server.ts';
import { ToolFile } from '../agent-code.ts';
import type { ToolFunction } from '../agent-project.ts';

const pdf = () =>
  new ToolFile({ name: 'invoice.pdf', mime_type: 'application/pdf', data: Buffer.from('%PDF-1.7') });
const base64 = Buffer.from('%PDF-1.7').toString('base64');

/** What the model of an agent gets after its tool has returned this. */
async function runWithTool(tool: ToolFunction) {
  const call = { name: 'orders__invoice', arguments: { orderId: 'A-1' } };
  const server = await startOpenAiServer({ script: [{ toolCalls: [call] }, { text: 'read' }] });
  const outcome = await runOne({
    agents: [
      llmAgent('desk', { model: 'openai/gpt-5.2', tools: [{ name: 'orders.invoice', condition: null }] }),
    ],
    tools: { 'orders.invoice': tool },
    descriptions: [orderTool('orders.invoice')],
    env: { OPENAI_API_KEY: 'key-of-the-tests-1234', OPENAI_BASE_URL: server.url },
  });
  await server.close();
  return { outcome, told: JSON.stringify(server.requests[1]?.body) };
}

describe('a ToolFile', () => {
  test('that a tool returns is a file part for the model, and a name in the trace', async () => {
    const { outcome, told } = await runWithTool(async () => pdf());
    expect(outputOf(outcome)).toBe('read');
    expect(told).toContain(`data:application/pdf;base64,${base64}`);
    expect(told).toContain('invoice.pdf (application/pdf)');
    expect(JSON.stringify(outcome.trace.spans)).not.toContain(base64);
    expect(outcome.trace.spans.find(({ kind }) => kind === 'tool')?.attributes).toMatchObject({
      'gen_ai.tool.call.result':
        '{"text":"invoice.pdf (application/pdf)","files":["invoice.pdf (application/pdf)"]}',
    });
  });

  test('can be anywhere in a result: the model reads the rest as JSON', async () => {
    const { told } = await runWithTool(async () => ({ total: 120, papers: [{ file: pdf() }, pdf()] }));
    expect(told).toContain(
      JSON.stringify(
        '{"total":120,"papers":[{"file":"invoice.pdf (application/pdf)"},"invoice.pdf (application/pdf)"]}',
      ).slice(1, -1),
    );
    expect(told.split(base64)).toHaveLength(3);
  });

  test('of a tool agent is in its output, and reaches the model of the next step as a file', async () => {
    const server = await startOpenAiServer({ script: [{ text: 'read' }] });
    const reader = llmAgent('reader', { model: 'openai/gpt-5.2' });
    const one = {
      tools: { 't.fetch': async () => ({ message: 'Read this.', files: [pdf()] }) },
      env: { OPENAI_API_KEY: 'key-of-the-tests-1234', OPENAI_BASE_URL: server.url },
    };
    const fetcher = toolAgent('fetcher', 't.fetch');
    const alone = await runOne({ ...one, agents: [fetcher] });
    expect(JSON.parse(outputOf(alone))).toEqual({
      message: 'Read this.',
      files: [{ name: 'invoice.pdf', mime_type: 'application/pdf', data: base64 }],
    });
    await runOne({ ...one, agents: [sequentialAgent('line', ['fetcher', 'reader']), fetcher, reader] });
    await server.close();
    expect(JSON.stringify(server.requests[0]?.body)).toContain(`data:application/pdf;base64,${base64}`);
  });

  test.each([
    [{ data: 'not base64!', mime_type: 'image/png' }, 'A ToolFile needs data: bytes, or text in Base64.'],
    [{ data: '', mime_type: 'png' }, 'A ToolFile needs a mime_type such as image/png.'],
  ])('of %j is an error of the tool', async (fields, message) => {
    const outcome = await runOne({
      agents: [toolAgent('one', 't.make')],
      tools: { 't.make': async () => new ToolFile(fields) },
    });
    expect(errorOf(outcome).message).toBe(`The tool "t.make" failed: ${message}`);
  });

  test('in a result that JSON cannot represent is an error', async () => {
    const { outcome } = await runWithTool(async () => ({ file: pdf(), count: 1n }));
    expect(errorOf(outcome)).toMatchObject({ code: 'output-invalid' });
  });
});
