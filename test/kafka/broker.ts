import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { Kafka, logLevel } from 'kafkajs';
import { endProcess } from '../end-process.ts';
import { freePorts } from '../free-ports.ts';
import { eventually } from '../scenarios/eventually.ts';
import { brokerJars } from './broker-jars.ts';
import { makeCertificate, storePassword } from './certificate.ts';

const run = promisify(execFile);

/** Who may enter at the listeners with SASL. */
export const brokerUser = { username: 'agents', password: 'a-password-to-look-for-9c1f' };

/** Apache Kafka as a real process: one broker that is its own controller (KRaft). */
export interface Broker {
  /** host:port by security protocol. They stay the same over restarts. */
  readonly servers: Readonly<Record<'PLAINTEXT' | 'SASL_PLAINTEXT' | 'SASL_SSL' | 'SSL', string>>;
  /** PEM of the authority that the TLS listeners' certificate comes from. */
  readonly caCertificate: string;
  /** A client of the tests' own. */
  readonly client: Kafka;
  createTopic(topic: string, partitions?: number, settings?: Readonly<Record<string, string>>): Promise<void>;
  stop(): Promise<void>;
  start(): Promise<void>;
  /** Stops it and removes its data. */
  remove(): Promise<void>;
}

/** Starts a broker on free ports; resolves once it answers. */
export async function startBroker(): Promise<Broker> {
  // Somebody else may have taken one of the ports before the broker did.
  return startOnce().catch(startOnce);
}

async function startOnce(): Promise<Broker> {
  const jars = await brokerJars();
  const folder = await mkdtemp(join(tmpdir(), 'kafka-broker-'));
  const { caCertificate, keyStore } = await makeCertificate(folder);
  const [plain = 0, sasl = 0, saslTls = 0, tls = 0, controller = 0] = await freePorts(5);
  const servers = {
    PLAINTEXT: `127.0.0.1:${plain}`,
    SASL_PLAINTEXT: `127.0.0.1:${sasl}`,
    SASL_SSL: `localhost:${saslTls}`,
    SSL: `localhost:${tls}`,
  };
  const properties = join(folder, 'server.properties');
  await writeFile(properties, serverProperties(folder, keyStore, servers, controller));
  await format(jars, properties);
  const client = new Kafka({ brokers: [servers.PLAINTEXT], logLevel: logLevel.NOTHING });
  let child: ChildProcess | null = null;

  async function start(): Promise<void> {
    child = spawn('java', ['-Xmx512m', '-XX:+UseSerialGC', '-cp', `${jars}/*`, 'kafka.Kafka', properties], {
      stdio: 'ignore',
    });
    await answered(client, child);
  }

  const stop = () => endProcess(child);

  async function remove(): Promise<void> {
    await stop();
    await rm(folder, { recursive: true, force: true });
  }

  try {
    await start();
  } catch (failed) {
    await remove();
    throw failed;
  }
  return {
    servers,
    caCertificate,
    client,
    createTopic: (topic, partitions = 1, settings = {}) => createTopic(client, topic, partitions, settings),
    stop,
    start,
    remove,
  };
}

/** How long a JVM may take on a machine that has much else to do, in ms. */
const startWithinMs = 120_000;

async function answered(client: Kafka, child: ChildProcess): Promise<void> {
  const deadline = Date.now() + startWithinMs;
  while (!(await answers(client))) {
    if (child.exitCode !== null) throw new Error(`The broker ended at its start with ${child.exitCode}.`);
    if (Date.now() > deadline)
      throw new Error(`The broker did not answer within ${startWithinMs / 1_000} s.`);
    await sleep(100);
  }
}

async function answers(client: Kafka): Promise<boolean> {
  const admin = client.admin({ retry: { retries: 0 } });
  try {
    await admin.connect();
    return (await admin.describeCluster()).brokers.length > 0;
  } catch {
    return false;
  } finally {
    await admin.disconnect();
  }
}

async function createTopic(
  client: Kafka,
  topic: string,
  numPartitions: number,
  settings: Readonly<Record<string, string>>,
): Promise<void> {
  const configEntries = Object.entries(settings).map(([name, value]) => ({ name, value }));
  const admin = client.admin();
  await admin.connect();
  await admin.createTopics({ topics: [{ topic, numPartitions, configEntries }], waitForLeaders: false });
  await eventually(`the partitions of ${topic}`, async () => {
    const ends = await admin.fetchTopicOffsets(topic).catch(() => []);
    return ends.length === numPartitions;
  });
  await admin.disconnect();
}

/** Prepares the data folder and stores the SCRAM user. */
async function format(jars: string, properties: string): Promise<void> {
  const { username, password } = brokerUser;
  const scram = ['SCRAM-SHA-256', 'SCRAM-SHA-512'].flatMap((mechanism) => [
    '--add-scram',
    `${mechanism}=[name=${username},password=${password}]`,
  ]);
  const tool = ['-cp', `${jars}/*`, 'kafka.tools.StorageTool', 'format'];
  await run('java', [...tool, '--cluster-id', 'MkU3OEVBNTcwNTJENDM2Qk', '--config', properties, ...scram]);
}

function serverProperties(
  folder: string,
  keyStore: string,
  servers: Broker['servers'],
  controllerPort: number,
): string {
  const listeners = Object.entries(servers).map(([protocol, server]) => `${protocol}://${server}`);
  const { username, password } = brokerUser;
  const plain = 'org.apache.kafka.common.security.plain.PlainLoginModule required';
  const scram = 'org.apache.kafka.common.security.scram.ScramLoginModule required;';
  const saslListeners = ['sasl_plaintext', 'sasl_ssl'].flatMap((name) => [
    `listener.name.${name}.plain.sasl.jaas.config=${plain} user_${username}="${password}";`,
    `listener.name.${name}.scram-sha-256.sasl.jaas.config=${scram}`,
    `listener.name.${name}.scram-sha-512.sasl.jaas.config=${scram}`,
  ]);
  return [
    'process.roles=broker,controller',
    'node.id=1',
    `controller.quorum.voters=1@127.0.0.1:${controllerPort}`,
    `listeners=${[...listeners, `CONTROLLER://127.0.0.1:${controllerPort}`].join(',')}`,
    `advertised.listeners=${listeners.join(',')}`,
    'controller.listener.names=CONTROLLER',
    'inter.broker.listener.name=PLAINTEXT',
    'listener.security.protocol.map=CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT,SASL_PLAINTEXT:SASL_PLAINTEXT,SASL_SSL:SASL_SSL,SSL:SSL',
    'sasl.enabled.mechanisms=PLAIN,SCRAM-SHA-256,SCRAM-SHA-512',
    ...saslListeners,
    `ssl.keystore.location=${keyStore}`,
    `ssl.keystore.password=${storePassword}`,
    `log.dirs=${join(folder, 'data')}`,
    'num.partitions=1',
    'auto.create.topics.enable=false',
    'offsets.topic.replication.factor=1',
    'offsets.topic.num.partitions=4',
    'transaction.state.log.replication.factor=1',
    'transaction.state.log.min.isr=1',
    'transaction.state.log.num.partitions=4',
    'group.initial.rebalance.delay.ms=0',
    // A broker that was killed is let in again after this time, in ms.
    'broker.session.timeout.ms=2000',
    'broker.heartbeat.interval.ms=500',
  ].join('\n');
}
