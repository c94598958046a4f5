import { execFile } from 'node:child_process';
import { mkdir, readdir, rename, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
const pom = join(import.meta.dirname, 'pom.xml');
const folder = join(tmpdir(), 'agent-connectors-kafka-4.1.1');
const copyDependencies = 'org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy-dependencies';

/**
 * The folder with the broker's jars; Maven fetches them once, some 45 MB.
 *
 * @throws where there is no Java or no Maven, or the jars cannot be fetched
 */
export async function brokerJars(): Promise<string> {
  if ((await readdir(folder).catch(() => [])).length > 0) return folder;
  const fetched = `${folder}.${process.pid}`;
  await mkdir(fetched, { recursive: true });
  await run('mvn', ['-q', '-B', '-f', pom, copyDependencies, `-DoutputDirectory=${fetched}`], {
    timeout: 300_000,
  });
  await rename(fetched, folder).catch(() => rm(fetched, { recursive: true, force: true }));
  return folder;
}
