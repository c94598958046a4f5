import { describe, expect, test } from '@jest/globals';
import type { LlmAgent } from '../../../agents/agent-definition.ts';
import type { AgentProject } from '../../../agents/agent-project.ts';
import { keysOfText } from './provider-keys.ts';

function projectOn(...models: string[]): AgentProject {
  const agents = models.map(
    (model, index): LlmAgent => ({
      type: 'llm',
      name: `agent-${index}`,
      description: null,
      file: `agents/agent-${index}.yaml`,
      timeoutSeconds: 30,
      retry: { attempts: 1, initialDelaySeconds: 1, maxDelaySeconds: 1 },
      maxConcurrentRuns: null,
      concurrency: null,
      hasMiddleware: false,
      hasHooks: false,
      inputSchema: null,
      sample: null,
      guardrails: null,
      model,
      fallbackModel: null,
      systemPrompt: '',
      temperature: null,
      reasoningEffort: null,
      maxOutputTokens: null,
      maxIterations: 1,
      outputSchema: null,
      tools: [],
      session: null,
      mcpServers: [],
      compression: null,
      discoverableTools: [],
    }),
  );
  return { agents, tools: [] };
}

const gemini = projectOn('gemini/gemini-2.5-flash', 'gemini/gemini-2.5-pro', 'demo/scripted');

describe('The secret of provider keys', () => {
  test('holds JSON with variables and their values', () => {
    expect(keysOfText('{"GEMINI_API_KEY": "g-1", "OPENAI_API_KEY": "o-1"}', gemini, {})).toEqual({
      outcome: 'read',
      keys: { GEMINI_API_KEY: 'g-1', OPENAI_API_KEY: 'o-1' },
    });
  });

  test("may be the bare key of the one provider that the project's agents use", () => {
    expect(keysOfText('sk-live-0123456789\n', gemini, {})).toEqual({
      outcome: 'read',
      keys: { GEMINI_API_KEY: 'sk-live-0123456789' },
    });
  });

  test('may be a bare key where the other providers have what they need already', () => {
    const env = { AWS_ACCESS_KEY_ID: 'AKIA', AWS_REGION: 'eu-west-1' };
    const project = projectOn('openai/gpt-5.2', 'bedrock/nova');
    expect(keysOfText('sk-live-0123456789', project, env)).toMatchObject({
      keys: { OPENAI_API_KEY: 'sk-live-0123456789' },
    });
  });

  test.each([
    ['a bare key for two providers', 'sk-live-0123456789', projectOn('openai/gpt-5.2', 'gemini/flash')],
    ['a bare key for a provider that needs two values', 'sk-live-0123456789', projectOn('azure/gpt-5.2')],
    ['JSON that breaks off', '{"GEMINI_API_KEY": "sk-live-0123456789"', gemini],
    ['a list', '["sk-live-0123456789"]', gemini],
    ['a value that is not text', '{"GEMINI_API_KEY": {"value": "sk-live-0123456789"}}', gemini],
    ['a sentence', 'the key is sk-live-0123456789', gemini],
    ['nothing', '', gemini],
  ])('is refused with what to write, and without a word of it: %s', (_case, text, project) => {
    const read = keysOfText(text, project, {});
    expect(read).toEqual({
      outcome: 'unusable',
      problem: expect.stringMatching(/^That secret is not usable: .* such as \{"[A-Z_]+_API_KEY": "…"\}\.$/),
    });
    expect(JSON.stringify(read)).not.toContain('sk-live');
  });
});
