import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App, type AppProps } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import type { AgentConnectorsProps } from '../../lib/settings/agent-connectors-props.ts';
import { AgentConnectorsStack } from '../../lib/stack.ts';

/** Code is not bundled and files are not copied: what is looked at here is the template. */
const context = {
  'aws:cdk:bundling-stacks': [],
  'aws:cdk:disable-asset-staging': true,
  'aws:cdk:disable-stack-trace': true,
};

/** Where the apps of a test file write: an app without a folder of its own would leave one in the system's. */
const folders = new Set<string>();

/** For the end of each test file that synthesizes. */
export function removeAssemblies(): void {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
  folders.clear();
}

/** Properties of an app whose code is not bundled, and whose files go with {@link removeAssemblies}. */
export function bareAssembly(): AppProps {
  const outdir = mkdtempSync(join(tmpdir(), 'app-'));
  folders.add(outdir);
  return { outdir, context, builtinCloudFormationValidation: false };
}

/**
 * The stack of an app of its own, not synthesized yet. What it writes goes with {@link removeAssemblies}. The CDK does not
 * validate its template, which takes longer than all the rest of a synth: `validation.test.ts` lets it.
 */
export function makeStack(
  settings: AgentConnectorsProps = {},
  props: AppProps = {},
  stackName = 'AgentConnectors',
) {
  const app = new App({ ...bareAssembly(), ...props, context: { ...context, ...props.context } });
  return { app, stack: new AgentConnectorsStack(app, stackName, { settings }) };
}

const templates = new Map<string, Template>();

/** The template of a deployment with the shipped project and these settings; not to be changed, as others look at it. */
export function templateOf(settings: AgentConnectorsProps = {}, stackName = 'AgentConnectors'): Template {
  const key = JSON.stringify([settings, stackName]);
  const template = templates.get(key) ?? Template.fromStack(makeStack(settings, {}, stackName).stack);
  templates.set(key, template);
  return template;
}
