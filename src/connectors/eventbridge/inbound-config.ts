import * as z from 'zod';
import { parseOnce } from '../../core/connectors/connector-config.ts';
import { type JsonObject, jsonObject } from '../../core/json/json-value.ts';
import { PatternProblem, readPattern } from './event-pattern.ts';

/** EventBridge's default limit for patterns, in characters (user guide, "Quotas"). AWS can raise it. */
const maxPatternCharacters = 2_048;

const pattern = jsonObject
  .superRefine((given, context) => {
    const { length } = JSON.stringify(given);
    if (length > maxPatternCharacters) {
      const message = `has ${length} characters; EventBridge takes ${maxPatternCharacters}.`;
      context.addIssue({ code: 'custom', message });
    }
    const problem = problemOf(given);
    if (problem !== null) {
      context.addIssue({ code: 'custom', path: [...problem.place], message: `${problem.message}.` });
    }
  })
  .default({ source: [{ prefix: '' }] });

/** As for EventBridge's PutRule: a name, not the ARN of another account's bus. */
export const busName = z
  .string()
  .max(256)
  .regex(/^[\w./-]+$/, 'Give the name of an event bus, such as "default".');

const inboundFields = z.strictObject({
  pattern: pattern.meta({
    title: 'Event pattern',
    description:
      'Which events start runs, in the words of EventBridge: {"source": ["aws.ec2"]}. The default is all events.',
    examples: [{ source: ['aws.ec2'], detail: { state: ['stopped'] } }],
  }),
  event_bus: busName.exactOptional().meta({
    title: 'Event bus',
    description:
      'On AWS: the event bus of this account and region on which the connector gets a rule. Without one, send events to the URL of the connector.',
  }),
});

export const inboundConfig = inboundFields;

/** For deployments that cannot create rules: refuses a bus, which would deliver nothing. */
export const inboundConfigWithoutRules = inboundFields.superRefine(({ event_bus: bus }, context) => {
  if (bus === undefined) return;
  const message =
    'This deployment makes no rules: deploy it with the setting eventBuses, or leave the field empty and send events to the URL.';
  context.addIssue({ code: 'custom', path: ['event_bus'], message });
});

function problemOf(given: JsonObject): PatternProblem | null {
  try {
    readPattern(given);
    return null;
  } catch (thrown) {
    if (thrown instanceof PatternProblem) return thrown;
    throw thrown;
  }
}

/** The configuration of an inbound connector, with its pattern parsed. @throws ZodError where it is not valid */
export const inboundConfigOf = parseOnce((config) => {
  const { pattern: given, event_bus: bus } = inboundFields.parse(config);
  return { given, pattern: readPattern(given), bus };
});
