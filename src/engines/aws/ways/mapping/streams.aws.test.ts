import {
  CreateFunctionCommand,
  DeleteEventSourceMappingCommand,
  LambdaClient,
  ListAliasesCommand,
  UpdateEventSourceMappingCommand,
} from '@aws-sdk/client-lambda';
import { CreateScheduleGroupCommand } from '@aws-sdk/client-scheduler';
import { GetSecretValueCommand } from '@aws-sdk/client-secrets-manager';
import { CreateQueueCommand } from '@aws-sdk/client-sqs';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { type KafkaMappings, startKafkaMappings } from '../../../../../test/aws/kafka-mappings.ts';
import { type TestEngine, testEngine } from '../../../../../test/aws/test-engine.ts';
import { loadConnectorTypes } from '../../../../connectors/index.ts';
import { mapping } from '../../../../connectors/kafka/mapping.ts';
import { changeConnector } from '../../../../core/connectors/change-connector.ts';
import type { Connector } from '../../../../core/connectors/connector.ts';
import { createConnector } from '../../../../core/connectors/create-connector.ts';
import { deleteConnector } from '../../../../core/connectors/delete-connector.ts';
import type { JsonObject } from '../../../../core/json/json-value.ts';
import { deployedTypes } from '../../on-aws.ts';
import type { AwsEngine } from '../../runtime.ts';
import { openTable, type Table } from '../../store/table.ts';
import { openSources } from '../open-sources.ts';
import { deployedConnectorId, makeDeployedConnectors } from './deployed-connectors.ts';
import { createMapping, findMapping } from './mappings.ts';
import { removeStreams } from './remove-streams.ts';
import { allowMaking, makeStream } from './stream-makers.ts';

import { type MappingConfig, type StreamConfig, wantedMapping } from './wanted-mapping.ts';

const connectorTypes = await loadConnectorTypes();

const clusterArn =
  'arn:aws:kafka:us-east-1:000000000000:cluster/orders/0a1b2c3d-4e5f-6071-8293-a4b5c6d7e8f9-1';
const msk = {
  cluster_arn: clusterArn,
  security_protocol: 'SASL_SSL',
  sasl_mechanism: 'IAM',
  topic: 'orders',
};
const servers = {
  bootstrap_servers: 'b-1.example.com:9096, b-2.example.com:9096',
  topic: 'orders',
  security_protocol: 'SASL_SSL',
  sasl_mechanism: 'SCRAM-SHA-512',
  username: 'agents',
  password: 'first password',
  ca_certificate: '-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----',
};

const types = deployedTypes(connectorTypes, () => ['mapping']);
const minute = 60_000;
const yes = () => true;
const no = () => false;
/** Secrets Manager's message for a missing secret. */
const isGone = /can't find the specified secret/;

let made: TestEngine;
let engine: AwsEngine;
let mappings: KafkaMappings;
let lambda: LambdaClient;
let places: MappingConfig & { readonly streams: StreamConfig };
let table: Table;

beforeEach(async () => {
  made = await testEngine({ types });
  const name = made.resources.tableName;
  table = openTable(made.clients.dynamo, name);
  const arn = (service: string, resource: string) => `arn:aws:${service}:us-east-1:000000000000:${resource}`;
  await createScheduleGroup(name);
  await made.clients.sqs.send(new CreateQueueCommand({ QueueName: `${name}-lost` }));
  mappings = await startKafkaMappings(process.env['AWS_ENDPOINT_URL'] ?? '', arn('sqs', `${name}-lost`));
  lambda = new LambdaClient({ endpoint: mappings.endpoint, maxAttempts: 1 });
  await createFunction(name);
  places = {
    functionArn: arn('lambda', `function:${name}`),
    deployedIds: [],
    streams: {
      onFailureArn: arn('sqs', `${name}-lost`),
      secretPrefix: `${name}/`,
      pollerGroup: name,
      subnetIds: ['subnet-1'],
      securityGroupIds: ['sg-1'],
    },
  };
  const schedules = { groupName: name, roleArn: '', tickQueueArn: '', deadLetterQueueArn: '' };
  const clients = { ...made.clients, lambda: async () => lambda };
  engine = made.another({ clients, sources: openSources({ tableName: name, schedules, mappings: places }) });
});
afterEach(() => mappings.stop());

async function createScheduleGroup(Name: string): Promise<void> {
  const client = await made.clients.scheduler();
  await client.send(new CreateScheduleGroupCommand({ Name }));
}

async function createFunction(FunctionName: string): Promise<void> {
  const ZipFile = Buffer.from('UEsFBgAAAAAAAAAAAAAAAAAAAAAAAA==', 'base64');
  const Role = 'arn:aws:iam::000000000000:role/f';
  const rest = { Runtime: 'nodejs24.x', Handler: 'index.handler', Role, Code: { ZipFile } } as const;
  await lambda.send(new CreateFunctionCommand({ FunctionName, ...rest }));
}

async function create(config: JsonObject): Promise<Connector> {
  const draft = { name: 'orders', type: 'kafka', mode: 'inbound', config, agents: ['echo'] } as const;
  const created = await createConnector(engine, 'test', { ...draft, name: crypto.randomUUID() });
  if (created.outcome !== 'created') throw new Error(created.detail);
  return created.connector;
}

const mappingOf = (connector: Connector) => findMapping(lambda, places, connector.id);

const aliases = async () => {
  const answer = await lambda.send(new ListAliasesCommand({ FunctionName: places.functionArn }));
  return (answer.Aliases ?? []).map(({ Name }) => Name);
};

/** Does what the stack does on deletion. */
function removeAll(from = places): Promise<void> {
  const clients = { ...made.clients, lambda: async () => lambda };
  return removeStreams({ clients, table, clock: () => made.now }, from, AbortSignal.timeout(20_000));
}

async function secretOf(name: string): Promise<unknown> {
  const client = await made.clients.secrets();
  const { SecretString } = await client.send(new GetSecretValueCommand({ SecretId: name }));
  return JSON.parse(SecretString ?? '');
}

describe('the event source of a Kafka connector', () => {
  test('of an MSK cluster is made with it: topic, group, start, error handling, tag', async () => {
    const connector = await create({ ...msk, auto_offset_reset: 'earliest' });
    expect(mappings.made).toEqual([
      {
        FunctionName: `${places.functionArn}:${connector.id}`,
        EventSourceArn: clusterArn,
        AmazonManagedKafkaEventSourceConfig: { ConsumerGroupId: `agent-connectors-${connector.id}` },
        Topics: ['orders'],
        StartingPosition: 'TRIM_HORIZON',
        BatchSize: 100,
        BisectBatchOnFunctionError: true,
        MaximumRetryAttempts: 10_000,
        FunctionResponseTypes: ['ReportBatchItemFailures'],
        DestinationConfig: { OnFailure: { Destination: places.streams.onFailureArn } },
        ProvisionedPollerConfig: {
          MinimumPollers: 1,
          MaximumPollers: 10,
          PollerGroupName: places.streams.pollerGroup,
        },
        Tags: { 'agent-connectors:connector': connector.id },
      },
    ]);
    expect(await aliases()).toEqual([connector.id]);
    expect(await engine.sources.state(connector.id)).toMatchObject({ status: 'running', lastError: null });
  });

  test('of brokers has their addresses, the way to them, and the password where Lambda reads it', async () => {
    const connector = await create(servers);
    const [sent] = mappings.made;
    expect(sent).toMatchObject({
      SelfManagedEventSource: {
        Endpoints: { KAFKA_BOOTSTRAP_SERVERS: ['b-1.example.com:9096', 'b-2.example.com:9096'] },
      },
      SourceAccessConfigurations: [
        { Type: 'VPC_SUBNET', URI: 'subnet:subnet-1' },
        { Type: 'VPC_SECURITY_GROUP', URI: 'security_group:sg-1' },
        { Type: 'SASL_SCRAM_512_AUTH', URI: expect.stringMatching(/^arn:aws:secretsmanager:/) },
        { Type: 'SERVER_ROOT_CA_CERTIFICATE', URI: expect.stringMatching(/^arn:aws:secretsmanager:/) },
      ],
    });
    expect(JSON.stringify(sent)).not.toContain('first password');
    const name = `${places.streams.secretPrefix}${connector.id}`;
    expect(await secretOf(`${name}/credentials`)).toEqual({ username: 'agents', password: 'first password' });
    expect(await secretOf(`${name}/certificate`)).toEqual({ certificate: servers.ca_certificate });
    await changeConnector(engine, 'test', connector.id, { config: { password: 'second password' } });
    expect(await secretOf(`${name}/credentials`)).toMatchObject({ password: 'second password' });
    expect(mappings.made).toHaveLength(1);
  });

  test('rests while the connector is disabled or has no agents: its messages wait', async () => {
    const connector = await create(msk);
    await changeConnector(engine, 'test', connector.id, { enabled: false });
    expect(await mappingOf(connector)).toMatchObject({ State: 'Disabled' });
    expect(await engine.sources.state(connector.id)).toMatchObject({ status: 'stopped' });
    await changeConnector(engine, 'test', connector.id, { enabled: true, agents: [] });
    expect(await mappingOf(connector)).toMatchObject({ State: 'Disabled' });
    await changeConnector(engine, 'test', connector.id, { agents: ['echo'] });
    expect(await mappingOf(connector)).toMatchObject({ State: 'Enabled' });
    expect(mappings.made).toHaveLength(1);
  });

  test('is created again for another topic, once the old one is gone', async () => {
    const connector = await create(msk);
    await changeConnector(engine, 'test', connector.id, { config: { topic: 'returns' } });
    expect(await engine.sources.state(connector.id)).toMatchObject({
      status: 'failing',
      lastError: { message: expect.stringMatching(/^AWS is still removing the previous event source/) },
    });
    made.now += minute;
    await engine.followSources();
    expect(await mappingOf(connector)).toMatchObject({ Topics: ['returns'], State: 'Enabled' });
  });

  test('is created again without the password that the connector no longer has', async () => {
    const scram = { ...msk, sasl_mechanism: 'SCRAM-SHA-512', username: 'agents', password: 'first password' };
    const connector = await create(scram);
    expect(await mappingOf(connector)).toMatchObject({
      SourceAccessConfigurations: [{ Type: 'SASL_SCRAM_512_AUTH' }],
    });
    const config = { sasl_mechanism: 'IAM', username: null, password: null };
    expect(await changeConnector(engine, 'test', connector.id, { config })).toMatchObject({
      outcome: 'changed',
    });
    made.now += minute;
    await engine.followSources();
    expect(mappings.made).toHaveLength(2);
    expect((await mappingOf(connector))?.SourceAccessConfigurations).toBeUndefined();
    await expect(secretOf(`${places.streams.secretPrefix}${connector.id}/credentials`)).rejects.toThrow(
      isGone,
    );
  });

  test('keeps the secrets that it still reads when another is no longer needed', async () => {
    const connector = await create(servers);
    const config = { ca_certificate: null };
    expect(await changeConnector(engine, 'test', connector.id, { config })).toMatchObject({
      outcome: 'changed',
    });
    made.now += minute;
    await engine.followSources();
    const name = `${places.streams.secretPrefix}${connector.id}`;
    await expect(secretOf(`${name}/certificate`)).rejects.toThrow(isGone);
    expect(await secretOf(`${name}/credentials`)).toMatchObject({ username: 'agents' });
  });

  test('leaves no secret of a connector that rests when its configuration changes', async () => {
    const connector = await create(servers);
    await changeConnector(engine, 'test', connector.id, { enabled: false, config: { topic: 'returns' } });
    made.now += minute;
    await engine.followSources();
    expect(await mappingOf(connector)).toBeNull();
    await expect(secretOf(`${places.streams.secretPrefix}${connector.id}/credentials`)).rejects.toThrow(
      isGone,
    );
    await changeConnector(engine, 'test', connector.id, { enabled: true });
    expect(await mappingOf(connector)).toMatchObject({ Topics: ['returns'], State: 'Enabled' });
  });

  test('goes with it, and its alias and secrets too', async () => {
    const connector = await create(servers);
    await deleteConnector(engine, 'test', connector.id);
    expect(await mappingOf(connector)).toBeNull();
    expect(await aliases()).toEqual([]);
    await expect(secretOf(`${places.streams.secretPrefix}${connector.id}/credentials`)).rejects.toThrow(
      isGone,
    );
  });

  test('that AWS is still changing follows later', async () => {
    const connector = await create(msk);
    mappings.busy = true;
    await deleteConnector(engine, 'test', connector.id);
    expect(await mappingOf(connector)).not.toBeNull();
    mappings.busy = false;
    made.now += minute;
    await engine.followSources();
    expect(await mappingOf(connector)).toBeNull();
  });

  test('goes with the stack: all of them, with their aliases and secrets', async () => {
    const connectors = [await create(msk), await create(servers)];
    await removeAll();
    for (const connector of connectors) expect(await mappingOf(connector)).toBeNull();
    expect(await aliases()).toEqual([]);
    await expect(secretOf(`${places.streams.secretPrefix}${connectors[1]?.id}/credentials`)).rejects.toThrow(
      isGone,
    );
  });

  test('is not made again once the stack goes, whatever the comparison finds, until it comes again', async () => {
    const connector = await create(msk);
    await removeAll();
    made.now += 17 * minute;
    await engine.followSources();
    expect(await aliases()).toEqual([]);
    expect(await engine.sources.state(connector.id)).toMatchObject({
      status: 'failing',
      lastError: { message: 'The event sources of this deployment are being removed.' },
    });
    await allowMaking(table);
    made.now += 2 * minute;
    await engine.followSources();
    expect(await mappingOf(connector)).toMatchObject({ State: 'Enabled' });
  });

  test('that is being made when the stack begins to go, goes too', async () => {
    const late = { ...(await create(msk)), id: deployedConnectorId('late') };
    const isRefused = () => makeStream(table, engine, async () => {}).then(no, yes);
    let removing = Promise.resolve();
    await makeStream(table, engine, async () => {
      removing = removeAll();
      while (!(await isRefused()));
      await createMapping(
        lambda,
        places,
        late.id,
        wantedMapping(places, late.id, mapping.source(late, {}), []),
      );
    });
    await removing;
    expect(await mappingOf(late)).toBeNull();
    expect(await aliases()).toEqual([]);
  });

  test('whose maker was killed does not hold up the stack for longer than making may last', async () => {
    const killed = new Error('killed');
    let writes = 0;
    const dying: Table = {
      ...table,
      update: (...given) => (++writes === 1 ? table.update(...given) : Promise.reject(killed)),
    };
    await expect(makeStream(dying, engine, async () => {})).rejects.toBe(killed);
    const removing = removeAll();
    made.now += 3 * minute;
    await expect(removing).resolves.toBeUndefined();
  });

  test('follows at once in a deployment that has adopted the table, and what the table does not know goes', async () => {
    await engine.followSources();
    const [removed, unknown] = [await create(msk), await create(msk)];
    const mapping = await mappingOf(removed);
    await lambda.send(new DeleteEventSourceMappingCommand({ UUID: mapping?.UUID }));
    await made.another({ types: new Map() }).connectors.delete(unknown.id);
    const clients = { ...made.clients, lambda: async () => lambda };
    const { tableName: groupName } = made.resources;
    const schedules = { groupName, roleArn: '', tickQueueArn: '', deadLetterQueueArn: '' };
    const sources = openSources({ tableName: 'another', schedules, mappings: places });
    await engine.followSources();
    expect(await mappingOf(removed)).toBeNull();
    await made.another({ clients, sources }).followSources();
    expect(await mappingOf(removed)).toMatchObject({ State: 'Enabled' });
    expect(await mappingOf(unknown)).toBeNull();
  });

  test('that somebody has removed or switched off is mended within the hour, what is left goes', async () => {
    await engine.followSources();
    const [removed, switchedOff, orphaned] = [await create(msk), await create(msk), await create(msk)];
    const [first, second] = [await mappingOf(removed), await mappingOf(switchedOff)];
    await lambda.send(new DeleteEventSourceMappingCommand({ UUID: first?.UUID }));
    await lambda.send(new UpdateEventSourceMappingCommand({ UUID: second?.UUID, Enabled: false }));
    await made.another({ types: new Map() }).connectors.delete(orphaned.id);
    made.now += 17 * minute;
    await engine.followSources();
    expect(await mappingOf(removed)).toMatchObject({ State: 'Enabled' });
    expect(await mappingOf(switchedOff)).toMatchObject({ State: 'Enabled' });
    expect(await mappingOf(orphaned)).toBeNull();
    expect((await aliases()).sort()).toEqual([removed.id, switchedOff.id].sort());
  });

  test('of a topic that the stack reads is switched only, and its connector made by the deployment', async () => {
    const connectorId = deployedConnectorId('orders');
    const elsewhere = await create(msk);
    await createMapping(lambda, places, connectorId, {
      ...wantedMapping(places, connectorId, mapping.source({ ...elsewhere, id: connectorId }, {}), []),
      Topics: ['of the stack'],
    });
    const clients = { ...made.clients, lambda: async () => lambda };
    const schedules = { groupName: '', roleArn: '', tickQueueArn: '', deadLetterQueueArn: '' };
    const deployed = { ...places, deployedIds: [connectorId] };
    const another = made.another({
      clients,
      sources: openSources({ tableName: '', schedules, mappings: deployed }),
    });
    const topic = {
      connectorId,
      type: 'kafka',
      name: 'orders',
      config: { ...msk, auto_offset_reset: 'latest' },
      agents: [],
    };
    await makeDeployedConnectors(another, [topic]);
    await makeDeployedConnectors(another, [topic]);
    expect(await another.connectors.get(connectorId)).toMatchObject({ name: 'orders', version: 1 });
    expect(await findMapping(lambda, places, connectorId)).toMatchObject({ State: 'Disabled' });
    await changeConnector(another, 'test', connectorId, { agents: ['echo'] });
    expect(await findMapping(lambda, places, connectorId)).toMatchObject({
      State: 'Enabled',
      Topics: ['of the stack'],
    });
    await makeDeployedConnectors(another, [{ ...topic, config: { ...topic.config, topic: 'returns' } }]);
    expect(await another.connectors.get(connectorId)).toMatchObject({
      config: { topic: 'returns' },
      agents: ['echo'],
    });
    await removeAll(deployed);
    expect(await findMapping(lambda, places, connectorId)).not.toBeNull();
  });

  test('that AWS does not make is told with what AWS said', async () => {
    const nowhere = made.another({
      sources: openSources({
        tableName: '',
        schedules: { groupName: '', roleArn: '', tickQueueArn: '', deadLetterQueueArn: '' },
        mappings: { ...places, functionArn: `${places.functionArn}-gone` },
      }),
    });
    const draft = { name: 'x', type: 'kafka', mode: 'inbound', config: msk, agents: ['echo'] } as const;
    const created = await createConnector(nowhere, 'test', { ...draft, name: crypto.randomUUID() });
    if (created.outcome !== 'created') throw new Error(created.detail);
    expect(await nowhere.sources.state(created.connector.id)).toMatchObject({
      status: 'failing',
      lastError: { message: expect.stringMatching(/[Ff]unction not found/) },
    });
  });
});
