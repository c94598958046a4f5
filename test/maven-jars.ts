import { execFile } from 'node:child_process';
import { mkdir, readdir, rename, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
const copyDependencies = 'org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy-dependencies';

/**
 * The folder with the jars that a POM depends on; Maven fetches them once.
 *
 * @param name of the folder, with the version in it
 * @throws where there is no Java or no Maven, or the jars cannot be fetched
 */
export async function mavenJars(pom: string, name: string): Promise<string> {
  const folder = join(tmpdir(), name);
  if ((await readdir(folder).catch(() => [])).length > 0) return folder;
  const fetched = `${folder}.${process.pid}`;
  await mkdir(fetched, { recursive: true });
  await run('mvn', ['-q', '-B', '-f', pom, copyDependencies, `-DoutputDirectory=${fetched}`], {
    timeout: 300_000,
  });
  await rename(fetched, folder).catch(() => rm(fetched, { recursive: true, force: true }));
  return folder;
}
