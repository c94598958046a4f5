import { describe, expect, test } from '@jest/globals';
import { llmAgent, sequentialAgent, toolAgent } from '../../../test/agents/run-one.ts';
import { missingKeysByAgent } from './missing-provider-keys.ts';
import { builtInProviders } from './model-providers.ts';
import { resolveModel } from './resolve-model.ts';

const env = {
  GEMINI_API_KEY: 'a',
  OPENAI_API_KEY: 'a',
  ANTHROPIC_API_KEY: 'a',
  AWS_REGION: 'eu-central-1',
  AWS_ACCESS_KEY_ID: 'a',
  AWS_SECRET_ACCESS_KEY: 'a',
  AZURE_API_KEY: 'a',
  AZURE_RESOURCE_NAME: 'ours',
  GOOGLE_VERTEX_PROJECT: 'ours',
  OPENROUTER_API_KEY: 'a',
};

describe('a model by its name', () => {
  test.each([...builtInProviders.keys()])('is made ready for the prefix %s', async (prefix) => {
    const resolution = await resolveModel(`${prefix}/vendor/model-1`, env, null);
    expect(resolution).toMatchObject({
      outcome: 'resolved',
      resolved: {
        name: `${prefix}/vendor/model-1`,
        modelId: 'vendor/model-1',
        model: { modelId: 'vendor/model-1' },
      },
    });
  });

  test('is found at a server of the operator', async () => {
    const configured = { MODEL_PROVIDER_MY_LLM_BASE_URL: 'http://127.0.0.1:1/v1' };
    expect(await resolveModel('my-llm/llama-4', configured, null)).toMatchObject({ outcome: 'resolved' });
  });

  test('is refused for an unknown prefix, naming the known ones', async () => {
    expect(await resolveModel('acme/model-1', {}, null)).toEqual({
      outcome: 'unknown-provider',
      message:
        'No provider is known for the model "acme/model-1". Its name must start with one of gemini, openai, ' +
        'anthropic, bedrock, azure, vertex_ai, openrouter, ollama, demo, or with a prefix whose ' +
        'MODEL_PROVIDER_<PREFIX>_BASE_URL is set.',
    });
    expect(await resolveModel('model-1', {}, null)).toMatchObject({ outcome: 'unknown-provider' });
  });

  test('is refused without a key, naming every variable that is missing', async () => {
    expect(await resolveModel('gemini/gemini-2.5-flash', { GEMINI_API_KEY: '' }, null)).toEqual({
      outcome: 'key-missing',
      message:
        'The model "gemini/gemini-2.5-flash" needs GEMINI_API_KEY (or GOOGLE_API_KEY, ' +
        'GOOGLE_GENERATIVE_AI_API_KEY) in the environment.',
    });
    expect(await resolveModel('bedrock/nova', {}, null)).toMatchObject({
      message:
        'The model "bedrock/nova" needs AWS_BEARER_TOKEN_BEDROCK (or AWS_ACCESS_KEY_ID) and AWS_REGION ' +
        '(or AWS_DEFAULT_REGION) in the environment.',
    });
  });
});

describe('keys that a project misses', () => {
  const agents = [
    llmAgent('one', { model: 'gemini/gemini-2.5-flash' }),
    llmAgent('two', { model: 'gemini/gemini-2.5-pro' }),
    llmAgent('three', { model: 'openai/gpt-5.2' }),
    llmAgent('four'),
    toolAgent('five', 'orders.findOrder'),
  ];

  test('are told of each agent, and of those whose steps need them', () => {
    const chain = [
      sequentialAgent('outer', ['inner']),
      sequentialAgent('inner', ['five', 'one']),
      sequentialAgent('fine', ['five']),
    ];
    const missing = missingKeysByAgent({ agents: [...chain, ...agents], tools: [] }, { OPENAI_API_KEY: 'a' });
    expect([...missing.keys()].sort()).toEqual(['inner', 'one', 'outer', 'two']);
    expect(missing.get('outer')).toBe(missing.get('one'));
    expect(missing.get('one')).toMatch(/^The model "gemini\/gemini-2.5-flash" needs GEMINI_API_KEY/);
  });

  test('are those of a search engine, for an agent that searches the web', () => {
    const searcher = llmAgent('searcher', { tools: [{ name: 'web_search', condition: null }] });
    const project = { agents: [searcher], tools: [] };
    expect(missingKeysByAgent(project, {}).get('searcher')).toBe(
      'The tool "web_search" needs TAVILY_API_KEY (or BRAVE_API_KEY, EXA_API_KEY) in the environment.',
    );
    expect(missingKeysByAgent(project, { EXA_API_KEY: 'a' })).toEqual(new Map());
  });

  test('include those of models that guardrails ask', () => {
    const guard = { name: 'moderation', mode: 'block', rejectionMessage: null, failRun: false } as const;
    const input = [{ ...guard, type: 'moderation', categories: [], model: 'openai/gpt-5.2' }] as const;
    const guardrails = { input, output: [], runAfterOnBlock: true };
    const guarded = [toolAgent('six', 'orders.findOrder', { guardrails })];
    const missing = missingKeysByAgent({ agents: guarded, tools: [] }, {});
    expect(missing.get('six')).toMatch(/^The model "openai\/gpt-5.2" needs OPENAI_API_KEY/);
  });

  test('are none where all are set', () => {
    expect(missingKeysByAgent({ agents, tools: [] }, env)).toEqual(new Map());
  });
});
