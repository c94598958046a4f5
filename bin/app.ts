import { App } from 'aws-cdk-lib';
import { appSettings } from '../lib/settings/app-settings.ts';
import { AgentConnectorsStack } from '../lib/stack.ts';
import { messageOf } from '../src/core/errors.ts';

try {
  // With `autoSynth`, CDK would still write part of a refused stack when the process exits.
  const app = new App({ autoSynth: false });
  const { stackName, settings } = appSettings(app);
  new AgentConnectorsStack(app, stackName, { settings });
  app.synth();
} catch (thrown) {
  process.stderr.write(`${messageOf(thrown)}\n`);
  process.exitCode = 1;
}
