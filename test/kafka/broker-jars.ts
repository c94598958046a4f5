import { join } from 'node:path';
import { mavenJars } from '../maven-jars.ts';

/** The folder with the broker's jars, some 45 MB. @throws as `mavenJars` */
export function brokerJars(): Promise<string> {
  return mavenJars(join(import.meta.dirname, 'pom.xml'), 'agent-connectors-kafka-4.1.1');
}
