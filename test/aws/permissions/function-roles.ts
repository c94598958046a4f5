import * as z from 'zod';
import type { Recording } from '../recording.ts';
import type { Home } from './requested-actions.ts';
import { resolveText } from './template-text.ts';

/** What a role allows or denies: each action on each resource, with IAM's wildcards in both. */
export interface Statement {
  readonly effect: 'Allow' | 'Deny';
  readonly actions: readonly string[];
  /** ARNs. */
  readonly resources: readonly string[];
  /** What values have to be like, by key: one of these patterns. */
  readonly conditions: Readonly<Record<string, readonly string[]>>;
}

/** One of the product's functions, with all that it may do. */
export interface FunctionRole {
  /** Logical id. */
  readonly name: string;
  readonly statements: readonly Statement[];
}

const oneOrMore = z.union([z.array(z.unknown()), z.unknown().transform((one) => [one])]);
const compared = z.record(z.string(), oneOrMore);
/** The key has to be there, with whatever value. */
const present = z.literal('false').transform(() => ['?*']);
/** Other conditions would have to be understood first: all of these compare with patterns or texts. */
const condition = z
  .strictObject({
    StringEquals: compared,
    ArnLike: compared,
    'ForAllValues:StringEquals': compared,
    Null: z.record(z.string(), present),
  })
  .partial();
const statement = z.strictObject({
  Effect: z.enum(['Allow', 'Deny']),
  Action: oneOrMore,
  Resource: oneOrMore,
  Condition: condition.default({}),
});
const policy = z.object({
  Roles: z.array(z.object({ Ref: z.string() })),
  PolicyDocument: z.object({
    Statement: z.array(statement),
  }),
});
const houseFunction = z.object({
  Role: z.object({ 'Fn::GetAtt': z.tuple([z.string(), z.literal('Arn')]) }),
  Environment: z.object({ Variables: z.looseObject({ POWERTOOLS_SERVICE_NAME: z.string() }) }),
});

/**
 * The functions of a synthesized template with the statements of their roles. What the CDK brings along for itself
 * (emptying a bucket) is not ours to narrow, and left out.
 */
export function functionRoles(recorded: Recording, home: Home): FunctionRole[] {
  const resources = Object.entries(recorded.template.Resources);
  return resources.flatMap(([name, { Type, Properties }]) => {
    const ours = Type === 'AWS::Lambda::Function' ? houseFunction.safeParse(Properties) : null;
    if (ours?.success !== true) return [];
    const [role] = ours.data.Role['Fn::GetAtt'];
    return [{ name, statements: statementsOf(role, recorded, home) }];
  });
}

function statementsOf(role: string, recorded: Recording, home: Home): Statement[] {
  return Object.values(recorded.template.Resources)
    .filter(({ Type }) => Type === 'AWS::IAM::Policy')
    .map(({ Properties }) => policy.parse(Properties))
    .filter(({ Roles }) => Roles.some(({ Ref }) => Ref === role))
    .flatMap(({ PolicyDocument }) => PolicyDocument.Statement)
    .map(({ Effect, Action, Resource, Condition }) => ({
      effect: Effect,
      conditions: Object.fromEntries(
        Object.values(Condition)
          .flatMap((keys = {}) => Object.entries<readonly unknown[]>(keys))
          .map(([key, values]) => [key, texts(values)]),
      ),
      actions: texts(Action),
      resources: texts(Resource),
    }));

  function texts(values: readonly unknown[]): string[] {
    return values.map((value) => resolveText(value, recorded, home));
  }
}
