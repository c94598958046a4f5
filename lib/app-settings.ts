import type { App } from 'aws-cdk-lib';
import { z } from 'zod';
import { parseSettings, type Settings, settingNames } from './settings.ts';

const stackName = z
  .string()
  .regex(/^[A-Za-z][A-Za-z0-9-]{0,127}$/, 'expected letters, digits and hyphens')
  .default('AgentConnectors');

/**
 * What the command line says as context: every setting by its name (`-c retentionDays=7`), and `stackName`, for several
 * environments side by side.
 *
 * @throws Error that names every wrong value
 */
export function appSettings(app: App): { readonly stackName: string; readonly settings: Settings } {
  const given = settingNames.map((name): [string, unknown] => [name, app.node.tryGetContext(name)]);
  const settings = parseSettings(Object.fromEntries(given.filter(([, value]) => value !== undefined)));
  return { settings, stackName: stackName.parse(app.node.tryGetContext('stackName')) };
}
