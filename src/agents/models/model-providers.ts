import { configuredVariable, firstSet, type ModelAdapter, type ModelEnvironment } from './model-adapter.ts';

/** What is known about a prefix without loading its code. */
export interface ModelProvider {
  readonly prefix: string;
  readonly title: string;
  /** `gen_ai.provider.name` of the OpenTelemetry conventions. */
  readonly telemetryName: string;
  /** The provider's id in the public price list; `null` if it has none. */
  readonly priceListId: string | null;
  /** At least one variable of each group must be set. */
  readonly requiredVariables: readonly (readonly string[])[];
  /** Variables that override the provider's address; the first that is set applies. */
  readonly baseUrlVariables: readonly string[];
  /** Whether CSV, JSON, XML and plain text can be sent as files; otherwise they are sent as text. */
  readonly readsTextFiles: boolean;
  readonly load: () => Promise<ModelAdapter>;
}

const builtIn: readonly ModelProvider[] = [
  {
    prefix: 'gemini',
    title: 'Google Gemini',
    telemetryName: 'gcp.gemini',
    priceListId: 'google',
    requiredVariables: [['GEMINI_API_KEY', 'GOOGLE_API_KEY', 'GOOGLE_GENERATIVE_AI_API_KEY']],
    baseUrlVariables: ['GEMINI_BASE_URL'],
    readsTextFiles: true,
    load: async () => (await import('./gemini.ts')).gemini,
  },
  {
    prefix: 'openai',
    title: 'OpenAI',
    telemetryName: 'openai',
    priceListId: 'openai',
    requiredVariables: [['OPENAI_API_KEY']],
    baseUrlVariables: ['OPENAI_BASE_URL'],
    readsTextFiles: false,
    load: async () => (await import('./openai.ts')).openAi,
  },
  {
    prefix: 'anthropic',
    title: 'Anthropic',
    telemetryName: 'anthropic',
    priceListId: 'anthropic',
    requiredVariables: [['ANTHROPIC_API_KEY']],
    baseUrlVariables: ['ANTHROPIC_BASE_URL'],
    readsTextFiles: false,
    load: async () => (await import('./anthropic.ts')).anthropic,
  },
  {
    prefix: 'bedrock',
    title: 'Amazon Bedrock',
    telemetryName: 'aws.bedrock',
    priceListId: 'aws',
    requiredVariables: [
      ['AWS_BEARER_TOKEN_BEDROCK', 'AWS_ACCESS_KEY_ID'],
      ['AWS_REGION', 'AWS_DEFAULT_REGION'],
    ],
    baseUrlVariables: ['BEDROCK_BASE_URL'],
    readsTextFiles: false,
    load: async () => (await import('./bedrock.ts')).bedrock,
  },
  {
    prefix: 'azure',
    title: 'Azure OpenAI',
    telemetryName: 'azure.ai.openai',
    priceListId: 'azure',
    requiredVariables: [
      ['AZURE_API_KEY', 'AZURE_OPENAI_API_KEY'],
      ['AZURE_RESOURCE_NAME', 'AZURE_BASE_URL', 'AZURE_API_BASE', 'AZURE_OPENAI_ENDPOINT'],
    ],
    baseUrlVariables: ['AZURE_BASE_URL', 'AZURE_API_BASE', 'AZURE_OPENAI_ENDPOINT'],
    readsTextFiles: false,
    load: async () => (await import('./azure.ts')).azure,
  },
  {
    prefix: 'vertex_ai',
    title: 'Google Vertex AI',
    telemetryName: 'gcp.vertex_ai',
    priceListId: 'google',
    requiredVariables: [
      ['GOOGLE_VERTEX_PROJECT', 'VERTEXAI_PROJECT', 'GOOGLE_CLOUD_PROJECT', 'GOOGLE_VERTEX_API_KEY'],
    ],
    baseUrlVariables: ['GOOGLE_VERTEX_BASE_URL'],
    readsTextFiles: true,
    load: async () => (await import('./vertex-ai.ts')).vertexAi,
  },
  {
    prefix: 'openrouter',
    title: 'OpenRouter',
    telemetryName: 'openrouter',
    priceListId: 'openrouter',
    requiredVariables: [['OPENROUTER_API_KEY']],
    baseUrlVariables: ['OPENROUTER_BASE_URL'],
    readsTextFiles: false,
    load: async () => (await import('./openrouter.ts')).openRouter,
  },
  {
    prefix: 'ollama',
    title: 'Ollama',
    telemetryName: 'ollama',
    priceListId: null,
    requiredVariables: [],
    baseUrlVariables: ['OLLAMA_BASE_URL'],
    readsTextFiles: false,
    load: loadOpenAiCompatible,
  },
  {
    prefix: 'demo',
    title: 'Built-in demo model',
    telemetryName: 'demo',
    priceListId: null,
    requiredVariables: [],
    baseUrlVariables: [],
    readsTextFiles: true,
    load: async () => (await import('./demo.ts')).demo,
  },
];

/** The built-in providers. */
export const builtInProviders: ReadonlyMap<string, ModelProvider> = new Map(
  builtIn.map((provider) => [provider.prefix, provider]),
);

/**
 * The provider for the first part of a model's name: a built-in one, or an OpenAI-compatible server that the operator
 * has configured with `MODEL_PROVIDER_<PREFIX>_BASE_URL`. `null` if there is none.
 */
export function findProvider(prefix: string, env: ModelEnvironment): ModelProvider | null {
  const known = builtInProviders.get(prefix);
  if (known !== undefined) return known;
  const baseUrlVariable = `${configuredVariable(prefix)}_BASE_URL`;
  if (firstSet(env, [baseUrlVariable]) === undefined) return null;
  return {
    prefix,
    title: prefix,
    telemetryName: prefix,
    priceListId: null,
    requiredVariables: [],
    baseUrlVariables: [baseUrlVariable],
    readsTextFiles: false,
    load: loadOpenAiCompatible,
  };
}

async function loadOpenAiCompatible(): Promise<ModelAdapter> {
  return (await import('./openai-compatible.ts')).openAiCompatible;
}
