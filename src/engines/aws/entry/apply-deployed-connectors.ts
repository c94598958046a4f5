import * as z from 'zod';
import { applyConnectors } from '../../../core/code/apply-connectors.ts';
import type { CodeDraft } from '../../../core/code/plan.ts';
import { deliveryModes, modes } from '../../../core/connectors/connector.ts';
import { PermanentError } from '../../../core/errors.ts';
import { jsonObject } from '../../../core/json/json-value.ts';
import type { Engine } from '../../../core/ports/engine.ts';
import { jsonText } from '../store/payload-objects.ts';

const described = z.strictObject({
  key: z.string(),
  name: z.string(),
  type: z.string(),
  mode: z.enum(modes),
  config: jsonObject,
  connection: z.string().nullable().default(null),
  agents: z.array(z.union([z.string(), z.strictObject({ name: z.string(), when: z.string() })])),
  filter: z.string().nullable().exactOptional(),
  delivery: z.enum(deliveryModes).exactOptional(),
  enabled: z.boolean(),
} satisfies Record<keyof CodeDraft, z.ZodType>);

const resourceProperties = z.object({ Connectors: jsonText.pipe(z.array(described)) });

/**
 * Applies the connectors that a deployment contains.
 *
 * @throws PermanentError with every problem; nothing was changed then
 */
export async function applyDeployedConnectors(engine: Engine, properties: unknown): Promise<void> {
  const connectors = resourceProperties.parse(properties).Connectors;
  const applied = await applyConnectors(engine, 'deployment', connectors);
  if (applied.outcome === 'applied') return;
  const told = applied.problems.map(({ field, message }) => {
    const [, index, ...path] = field.split('.');
    const key = connectors[Number(index)]?.key;
    return key === undefined ? message : `connectors/${key}.yaml: ${path.join('.')}: ${message}`;
  });
  const sentences = told.length === 0 ? [applied.detail] : told;
  throw new PermanentError('connectors-not-applied', shortened(sentences.join('\n')));
}

/** CloudFormation takes an answer of at most 4 KB. */
const longestReason = 2_000;

function shortened(text: string): string {
  return text.length <= longestReason ? text : `${text.slice(0, longestReason)}…`;
}
