import type { App } from 'aws-cdk-lib';
import { suggestion } from '../../src/core/nearest-name.ts';
import { invalidSettings, parseSettings, type Settings, settingNames, settingProblems } from './settings.ts';

/** CloudFormation's pattern for stack names. */
const stackNames = /^[A-Za-z][A-Za-z0-9-]{0,127}$/;
const expectedStackName =
  'stackName: expected at most 128 letters, digits, and hyphens, starting with a letter.';

/** Names with such a character belong to the CDK, or are lookups that it caches in cdk.context.json. */
const namesOfOthers = /[@:/]/;

/**
 * The settings given as context on the command line: every setting by its name (`-c retentionDays=7`), and `stackName`,
 * for several environments side by side.
 *
 * @throws Error that lists every wrong value and every unknown name
 */
export function appSettings(app: App): { readonly stackName: string; readonly settings: Settings } {
  const context: Record<string, unknown> = app.node.getAllContext();
  const { stackName = 'AgentConnectors', ...others } = context;
  const given = Object.fromEntries(Object.entries(others).filter(([name]) => settingNames.includes(name)));
  const isNamed = typeof stackName === 'string' && stackNames.test(stackName);
  const problems = [
    ...(isNamed ? [] : [expectedStackName]),
    ...Object.keys(others).filter(isUnknown).map(unknownName),
    ...settingProblems(given),
  ];
  if (problems.length > 0 || !isNamed) throw invalidSettings(problems);
  return { settings: parseSettings(given), stackName };
}

function isUnknown(name: string): boolean {
  return !namesOfOthers.test(name) && !settingNames.includes(name);
}

function unknownName(name: string): string {
  return `${name}: unknown setting.${suggestion(name, [...settingNames, 'stackName'])}`;
}
