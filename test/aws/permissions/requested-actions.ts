import * as z from 'zod';
import type { AwsCall } from '../aws-call.ts';

/** One thing that a call asks IAM for. */
export interface RequestedAction {
  /** Such as `dynamodb:PutItem`. */
  readonly action: string;
  /** ARN. */
  readonly resource: string;
  /** What conditions may ask for, such as `iam:PassedToService`. */
  readonly context?: Readonly<Record<string, string>>;
}

/** The account and region of what is asked for. */
export interface Home {
  readonly region: string;
  readonly account: string;
}

/**
 * What AWS asks IAM for when this call is made (Service Authorization Reference). Batches of SQS are allowed by the action for
 * one message, transactions of DynamoDB by the actions that they are made of.
 *
 * @throws where a service is called for the first time: it gets its line here
 */
export function requestedActions(call: AwsCall, home: Home): RequestedAction[] {
  const ask = services[call.service];
  if (ask === undefined) throw new Error(`No rule says what ${call.name} asks IAM for.`);
  return ask(call, home);
}

type Ask = (call: AwsCall, home: Home) => RequestedAction[];

const services: Readonly<Record<string, Ask>> = {
  dynamodb: (call, home) => tableActions(operationOf(call), call.input, home),
  sqs(call, { region, account }) {
    const { QueueUrl } = z.object({ QueueUrl: z.string() }).parse(call.input);
    const queue = new URL(QueueUrl).pathname.split('/').at(-1) ?? '';
    const action = `sqs:${operationOf(call).replace(/Batch$/, '')}`;
    return [{ action, resource: `arn:aws:sqs:${region}:${account}:${queue}` }];
  },
  secretsmanager(call) {
    const { SecretId } = z.object({ SecretId: z.string() }).parse(call.input);
    return [{ action: `secretsmanager:${operationOf(call)}`, resource: SecretId }];
  },
  'execute-api': ({ method, path }, { region, account }) => {
    const [, apiId, stage, id] = /execute-api\/([^/]+)\/([^/]+)\/@connections\/(.+)$/.exec(path) ?? [];
    const resource = `arn:aws:execute-api:${region}:${account}:${apiId}/${stage}/${method}/@connections/${id}`;
    return [{ action: 'execute-api:ManageConnections', resource }];
  },
  scheduler: (call, home) => scheduleActions(call, home),
  lambda: (call, home) => functionActions(call, home),
  s3({ method, path }) {
    const key = decodeURIComponent(new URL(path, 'http://s3').pathname.slice(1));
    const verb = { GET: 'Get', HEAD: 'Get', PUT: 'Put', POST: 'Put', DELETE: 'Delete' }[method];
    return [{ action: `s3:${verb}Object`, resource: `arn:aws:s3:::${key}` }];
  },
};

function operationOf({ name }: AwsCall): string {
  return name.split(' ')[1] ?? '';
}

const oneTable = z.object({ TableName: z.string(), IndexName: z.string().optional() });
const tables = z.object({ RequestItems: z.record(z.string(), z.unknown()) });
const transaction = z.object({
  TransactItems: z.array(z.record(z.string(), z.object({ TableName: z.string() }))),
});

/** The actions that a part of a transaction needs. */
const transactionActions: Readonly<Record<string, string>> = {
  ConditionCheck: 'ConditionCheckItem',
  Delete: 'DeleteItem',
  Get: 'GetItem',
  Put: 'PutItem',
  Update: 'UpdateItem',
};

function tableActions(operation: string, input: unknown, { region, account }: Home): RequestedAction[] {
  const on = (action: string, table: string, index?: string) => ({
    action: `dynamodb:${action}`,
    resource: `arn:aws:dynamodb:${region}:${account}:table/${table}${index === undefined ? '' : `/index/${index}`}`,
  });
  if (operation.startsWith('Transact')) {
    const { TransactItems } = transaction.parse(input);
    return TransactItems.flatMap((item) =>
      Object.entries(item).map(([kind, { TableName }]) => on(transactionActions[kind] ?? kind, TableName)),
    );
  }
  if (operation.startsWith('Batch')) {
    return Object.keys(tables.parse(input).RequestItems).map((table) => on(operation, table));
  }
  const { TableName, IndexName } = oneTable.parse(input);
  return [on(operation, TableName, IndexName)];
}

const schedule = z.object({ GroupName: z.string(), Target: z.object({ RoleArn: z.string() }) });
const scheduleVerbs: Readonly<Record<string, string>> = {
  GET: 'Get',
  POST: 'Create',
  PUT: 'Update',
  DELETE: 'Delete',
};

/** Whoever makes a schedule hands a role to the scheduler. */
function scheduleActions({ method, path, input }: AwsCall, { region, account }: Home): RequestedAction[] {
  const { pathname, searchParams } = new URL(path, 'http://scheduler');
  const [, , name] = pathname.split('/');
  if (name === undefined) return [{ action: 'scheduler:ListSchedules', resource: '*' }];
  const made = schedule.safeParse(input);
  const group = made.data?.GroupName ?? searchParams.get('groupName') ?? 'default';
  const action = `scheduler:${scheduleVerbs[method]}Schedule`;
  const asked = [{ action, resource: `arn:aws:scheduler:${region}:${account}:schedule/${group}/${name}` }];
  if (!made.success) return asked;
  const context = { 'iam:PassedToService': 'scheduler.amazonaws.com' };
  return [...asked, { action: 'iam:PassRole', resource: made.data.Target.RoleArn, context }];
}

/** Only what the emulated deployment calls: it has no connector of Kafka, so event sources are listed and never made. */
function functionActions({ method, name, path }: AwsCall, { region, account }: Home): RequestedAction[] {
  const [, , kind, functionName = '', part] = new URL(path, 'http://lambda').pathname.split('/');
  if (method === 'GET' && kind === 'event-source-mappings' && functionName === '') {
    return [{ action: 'lambda:ListEventSourceMappings', resource: '*' }];
  }
  if (method === 'GET' && kind === 'functions' && part === 'aliases') {
    const named = decodeURIComponent(functionName);
    const resource = named.startsWith('arn:')
      ? named
      : `arn:aws:lambda:${region}:${account}:function:${named}`;
    return [{ action: 'lambda:ListAliases', resource }];
  }
  throw new Error(`No rule says what ${name} (${path}) asks IAM for.`);
}
