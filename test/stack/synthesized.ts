import { App, type AppProps } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import type { SettingsInput } from '../../lib/settings.ts';
import { AgentConnectorsStack } from '../../lib/stack.ts';

/** Code is not bundled: what is looked at here is the template. */
const context = { 'aws:cdk:bundling-stacks': [] };

/** The stack of an app of its own, not synthesized yet. */
export function makeStack(settings: SettingsInput = {}, props: AppProps = {}) {
  const app = new App({ ...props, context: { ...context, ...props.context } });
  return { app, stack: new AgentConnectorsStack(app, 'AgentConnectors', { settings }) };
}

/** The template of a deployment with the shipped project and these settings. */
export function templateOf(settings: SettingsInput = {}): Template {
  return Template.fromStack(makeStack(settings).stack);
}
