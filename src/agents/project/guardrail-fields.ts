import * as z from 'zod';
import { personalEntities } from '../agent-definition.ts';

/*
 * The field `guardrails` of an agent file. Names and defaults are those of other products that read such files. As in
 * agent-fields.ts, each description completes "Expected ...".
 */

/** Maximum guardrails in each direction: each is a span of the trace, and may call a model. */
const mostGuardrails = 50;
const mostPatterns = 100;
const mostEntries = 100;

export const moderationCategories = [
  'hate',
  'harassment',
  'self_harm',
  'violence',
  'sexual',
  'illegal_activity',
  'dangerous_instructions',
] as const;

const text = z.string().min(1);

const commonConfig = {
  rejection_message: text.optional().describe('a text, which the caller gets when this guardrail blocks'),
  fail_run: z.boolean().optional().describe('true or false'),
};

/** `provider/model`, as agents and guardrails name it. */
export const modelName = z.string().regex(/^[A-Za-z0-9][\w.-]*\/\S+$/);

const modelConfig = {
  model: modelName.optional().describe('provider/model, such as gemini/gemini-2.5-flash'),
};

const checkedByModel = {
  ...modelConfig,
  provider: z
    .literal('default')
    .optional()
    .describe('default, because services of other providers are not supported; choose a model with model'),
};

/** At least one of a few words. */
function someOf<const Words extends readonly [string, ...string[]]>(words: Words) {
  return z
    .array(z.enum(words))
    .min(1)
    .optional()
    .describe(`a list of ${words.slice(0, -1).join(', ')} or ${words.at(-1)}`);
}

const topics = z.array(text.max(200)).min(1).max(mostEntries).optional();
const entities = someOf(personalEntities);
const domain = z.string().regex(/^[^\s/:@*.]+(\.[^\s/:@*.]+)*$/);

/** The fields of `config`, by type. */
const configs = {
  regex: {
    patterns: z
      .array(
        z.strictObject({
          pattern: text.max(2_000).describe('a regular expression of at most 2000 characters, in quotes'),
          message: text.optional().describe('a text, which the caller gets when this pattern blocks'),
        }),
      )
      .min(1)
      .max(mostPatterns)
      .describe('a list of at most 100 patterns, each with the fields pattern and message'),
  },
  pii: { entities },
  pii_leakage: { entities },
  system_prompt_leakage: {
    similarity_threshold: z.number().gt(0).max(1).optional().describe('a number above 0, at most 1'),
  },
  data_exfiltration: {
    allowed_domains: z
      .array(domain.describe('a domain such as example.com, which includes its subdomains'))
      .max(mostEntries)
      .optional()
      .describe('a list of at most 100 domains, such as example.com'),
  },
  prompt_injection: {
    ...checkedByModel,
    sensitivity: z.enum(['low', 'medium', 'high']).optional().describe('low, medium or high'),
  },
  moderation: { ...checkedByModel, categories: someOf(moderationCategories) },
  topic_restriction: {
    ...modelConfig,
    allowed_topics: topics.describe('a list of topics, such as billing'),
    blocked_topics: topics.describe('a list of topics, such as billing'),
    off_topic_message: text.optional().describe('a text, which the caller gets when this guardrail blocks'),
  },
  relevance: { ...modelConfig, context: text.optional().describe('a text: what else is relevant') },
  custom: {},
};

const guardrailTypes = Object.keys(configs).join(', ');

function guardrailOf<const Type extends keyof typeof configs>(type: Type) {
  const config = z.strictObject({ ...commonConfig, ...configs[type] });
  const fields = `the fields ${Object.keys(config.shape).join(', ')}`;
  return z.strictObject({
    type: z.literal(type).describe(`one of ${guardrailTypes}`),
    mode: z.enum(['block', 'warn', 'redact']).describe('block, warn or redact'),
    name: z
      .string()
      .regex(/^\w[\w-]{0,63}$/)
      .optional()
      .describe('letters, digits, hyphens and underscores, at most 64'),
    config: config.optional().describe(fields),
  });
}

const guardrail = z
  .discriminatedUnion('type', [
    guardrailOf('regex'),
    guardrailOf('pii'),
    guardrailOf('pii_leakage'),
    guardrailOf('system_prompt_leakage'),
    guardrailOf('data_exfiltration'),
    guardrailOf('prompt_injection'),
    guardrailOf('moderation'),
    guardrailOf('topic_restriction'),
    guardrailOf('relevance'),
    guardrailOf('custom'),
  ])
  .describe(`a guardrail with type and mode; its type is one of ${guardrailTypes}`);

const guardrailList = z
  .array(guardrail)
  .max(mostGuardrails)
  .optional()
  .describe(`a list of at most ${mostGuardrails} guardrails, each with the fields type and mode`);

export const guardrailsField = z
  .strictObject({
    input: guardrailList,
    output: guardrailList,
    run_after_on_block: z.boolean().optional().describe('true or false'),
  })
  .optional()
  .describe('the fields input, output and run_after_on_block');

export type GuardrailsFields = NonNullable<z.infer<typeof guardrailsField>>;
export type GuardrailFields = z.infer<typeof guardrail>;
