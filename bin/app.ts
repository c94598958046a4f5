import { App } from 'aws-cdk-lib';
import { appSettings } from '../lib/app-settings.ts';
import { AgentConnectorsStack } from '../lib/stack.ts';
import { messageOf } from '../src/core/errors.ts';

try {
  const app = new App();
  const { stackName, settings } = appSettings(app);
  new AgentConnectorsStack(app, stackName, { settings });
  app.synth();
} catch (thrown) {
  process.stderr.write(`${messageOf(thrown)}\n`);
  process.exitCode = 1;
}
