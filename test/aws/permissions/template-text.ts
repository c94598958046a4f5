import * as z from 'zod';
import type { Recording } from '../recording.ts';
import type { Home } from './requested-actions.ts';

const expression = z.union([
  z.string(),
  z.strictObject({ Ref: z.string() }),
  z.strictObject({ 'Fn::GetAtt': z.tuple([z.string(), z.string()]) }),
  z.strictObject({ 'Fn::Join': z.tuple([z.string(), z.array(z.unknown())]) }),
]);

/**
 * What an expression of a template stands for in a deployed stack.
 *
 * @throws where the template uses a function or an attribute that was not needed so far
 */
export function resolveText(value: unknown, recorded: Recording, home: Home): string {
  const parsed = expression.parse(value);
  if (typeof parsed === 'string') return parsed;
  if ('Ref' in parsed) return reference(parsed.Ref, recorded, home);
  if ('Fn::GetAtt' in parsed) return attribute(...parsed['Fn::GetAtt'], recorded, home);
  const [separator, parts] = parsed['Fn::Join'];
  return parts.map((part) => resolveText(part, recorded, home)).join(separator);
}

function reference(name: string, { resources }: Recording, { region, account }: Home): string {
  const pseudo: Readonly<Record<string, string>> = {
    'AWS::Partition': 'aws',
    'AWS::URLSuffix': 'amazonaws.com',
    'AWS::Region': region,
    'AWS::AccountId': account,
  };
  const value = pseudo[name] ?? resources[name];
  if (value === undefined) throw new Error(`The stack has no ${name}.`);
  return value;
}

/** ARNs, by type and attribute; `*` where only CloudFormation knows the last part. */
const arns: Readonly<Record<string, (id: string, home: string) => string>> = {
  'AWS::DynamoDB::Table.Arn': (id, home) => `arn:aws:dynamodb:${home}:table/${id}`,
  'AWS::DynamoDB::Table.StreamArn': (id, home) => `arn:aws:dynamodb:${home}:table/${id}/stream/*`,
  'AWS::Lambda::Function.Arn': (id, home) => `arn:aws:lambda:${home}:function:${id}`,
  'AWS::Logs::LogGroup.Arn': (id, home) => `arn:aws:logs:${home}:log-group:${id}:*`,
  'AWS::S3::Bucket.Arn': (id) => `arn:aws:s3:::${id}`,
  'AWS::SQS::Queue.Arn': (id, home) => `arn:aws:sqs:${home}:${id.split('/').at(-1)}`,
  'AWS::IAM::Role.Arn': (id, home) => `arn:aws:iam::${home.split(':')[1]}:role/${id}`,
};

function attribute(id: string, name: string, recorded: Recording, { region, account }: Home): string {
  const type = recorded.template.Resources[id]?.Type;
  const arn = arns[`${type}.${name}`];
  if (arn === undefined) throw new Error(`No rule says what ${name} of ${type} is.`);
  return arn(reference(id, recorded, { region, account }), `${region}:${account}`);
}
