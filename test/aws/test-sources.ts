import {
  CreateScheduleGroupCommand,
  GetScheduleCommand,
  ListSchedulesCommand,
} from '@aws-sdk/client-scheduler';
import { loadConnectorTypes } from '../../src/connectors/index.ts';
import type { Connector } from '../../src/core/connectors/connector.ts';
import { createConnector } from '../../src/core/connectors/create-connector.ts';
import type { JsonObject } from '../../src/core/json/json-value.ts';
import { deployedTypes } from '../../src/engines/aws/on-aws.ts';
import { openSources } from '../../src/engines/aws/ways/open-sources.ts';
import type { SourceConfig } from '../../src/engines/aws/ways/source-adapters.ts';
import { type TestEngine, type TestProject, testEngine } from './test-engine.ts';

/** An engine whose connectors have their sources in the emulated account, in a schedule group of their own. */
export interface TestSources extends TestEngine {
  readonly places: SourceConfig;
  createCron(config: JsonObject, agents?: readonly string[]): Promise<Connector>;
  /** Names of all schedules of the group. */
  scheduleNames(): Promise<string[]>;
  schedule(name: string): Promise<Awaited<ReturnType<typeof readSchedule>>>;
}

export async function testSources(project: TestProject = {}): Promise<TestSources> {
  const { types = deployedTypes(await loadConnectorTypes(), () => []) } = project;
  const made = await testEngine({ ...project, types });
  const places = placesOf(made);
  const client = await made.clients.scheduler();
  const { groupName: GroupName } = places.schedules;
  await client.send(new CreateScheduleGroupCommand({ Name: GroupName }));
  const engine = made.another({ types, sources: openSources(places) });
  return Object.assign(made, {
    engine,
    places,
    async createCron(config: JsonObject, agents: readonly string[] = ['echo']) {
      const draft = { name: 'cron', type: 'cron', mode: 'inbound', config, agents } as const;
      const created = await createConnector(engine, 'test', { ...draft, name: crypto.randomUUID() });
      if (created.outcome !== 'created') throw new Error(created.detail);
      return created.connector;
    },
    async scheduleNames() {
      const { Schedules = [] } = await client.send(new ListSchedulesCommand({ GroupName }));
      return Schedules.map(({ Name = '' }) => Name).sort();
    },
    schedule: (name: string) => readSchedule(made, GroupName, name),
  });
}

async function readSchedule({ clients }: TestEngine, GroupName: string, Name: string) {
  const client = await clients.scheduler();
  return client.send(new GetScheduleCommand({ GroupName, Name }));
}

function placesOf({ resources }: TestEngine): SourceConfig {
  const arn = (service: string, name: string) => `arn:aws:${service}:us-east-1:000000000000:${name}`;
  return {
    tableName: resources.tableName,
    schedules: {
      groupName: resources.tableName,
      roleArn: 'arn:aws:iam::000000000000:role/scheduler',
      tickQueueArn: arn('sqs', `${resources.tableName}-ticks`),
      deadLetterQueueArn: arn('sqs', `${resources.tableName}-dead-ticks`),
    },
  };
}
