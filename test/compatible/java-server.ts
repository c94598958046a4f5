import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { endProcess } from '../end-process.ts';
import { freePorts } from '../free-ports.ts';
import { mavenJars } from '../maven-jars.ts';
import { eventually } from '../scenarios/eventually.ts';

/** A server written in Java, as a real process that keeps everything in memory. */
export interface JavaServer {
  /** Stays the same over restarts. */
  readonly url: string;
  /** Ends the process; what it had is gone. */
  stop(): Promise<void>;
  start(): Promise<void>;
  remove(): Promise<void>;
}

interface ServerFiles {
  /** A POM in this folder. */
  readonly pom: string;
  /** Of the folder with its jars. */
  readonly jars: string;
  /** The content of its settings. */
  settings(port: number): string;
  /** Options of Java that start it. @param file with its settings */
  options(file: string): readonly string[];
}

/** Starts a server on a free port; resolves once it answers. */
async function startJavaServer({ pom, jars, settings, options }: ServerFiles): Promise<JavaServer> {
  const classPath = `${await mavenJars(join(import.meta.dirname, pom), jars)}/*`;
  const folder = await mkdtemp(join(tmpdir(), 'java-server-'));
  const [port = 0] = await freePorts(1);
  const file = join(folder, 'settings.conf');
  await writeFile(file, settings(port));
  const url = `http://127.0.0.1:${port}`;
  let child: ChildProcess | null = null;

  async function start(): Promise<void> {
    const memory = ['-Xmx512m', '-XX:+UseSerialGC'];
    const started = spawn('java', [...memory, '-cp', classPath, ...options(file)], { stdio: 'ignore' });
    child = started;
    await eventually(`an answer of ${pom}`, async () => {
      if (started.exitCode !== null) throw new Error(`The server ended at its start: ${pom}.`);
      return fetch(url).then(
        async (response) => (await response.arrayBuffer()) !== null,
        () => false,
      );
    });
  }

  const stop = () => endProcess(child);

  async function remove(): Promise<void> {
    await stop();
    await rm(folder, { recursive: true, force: true });
  }

  await start().catch(async (failed: unknown) => {
    await remove();
    throw failed;
  });
  return { url, stop, start, remove };
}

const queueServer: ServerFiles = {
  pom: 'queue-server.xml',
  jars: 'agent-connectors-elasticmq-1.6.11',
  settings: (port) => `
    include classpath("application.conf")
    node-address { protocol = http, host = "127.0.0.1", port = ${port}, context-path = "" }
    rest-sqs { enabled = true, bind-port = ${port}, bind-hostname = "127.0.0.1", sqs-limits = strict }
    rest-stats.enabled = false`,
  options: (file) => [`-Dconfig.file=${file}`, 'org.elasticmq.server.Main'],
};

/** ElasticMQ, which is compatible with SQS. It accepts any credentials. */
export function startQueueServer(): Promise<JavaServer> {
  return startJavaServer(queueServer);
}

/** The only access key that the object server accepts. */
export const accessKey = {
  access_key_id: 'AKIAIOSFODNN7EXAMPLE',
  secret_access_key: 'a-secret-access-key-2f6b',
};

const objectServer: ServerFiles = {
  pom: 'object-server.xml',
  jars: 'agent-connectors-s3proxy-2.6.0',
  settings: (port) =>
    [
      `s3proxy.endpoint=http://127.0.0.1:${port}`,
      's3proxy.authorization=aws-v2-or-v4',
      `s3proxy.identity=${accessKey.access_key_id}`,
      `s3proxy.credential=${accessKey.secret_access_key}`,
      'jclouds.provider=transient',
      'jclouds.identity=any',
      'jclouds.credential=any',
    ].join('\n'),
  options: (file) => ['org.gaul.s3proxy.Main', '--properties', file],
};

/** S3Proxy, which is compatible with S3. */
export function startObjectServer(): Promise<JavaServer> {
  return startJavaServer(objectServer);
}
