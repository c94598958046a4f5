import { App } from 'aws-cdk-lib';
import { settingNames } from '../lib/settings.ts';
import { AgentConnectorsStack } from '../lib/stack.ts';
import { messageOf } from '../src/core/errors.ts';

/**
 * The CDK application: `cdk deploy`, with settings as context (`-c retentionDays=7`) and the stack's name as
 * `-c stackName=...`, for several environments side by side.
 */
try {
  const app = new App();
  const settings = Object.fromEntries(
    settingNames.flatMap((name) => {
      const value: unknown = app.node.tryGetContext(name);
      return value === undefined ? [] : [[name, value]];
    }),
  );
  const stackName = String(app.node.tryGetContext('stackName') ?? 'AgentConnectors');
  new AgentConnectorsStack(app, stackName, { settings });
  app.synth();
} catch (thrown) {
  process.stderr.write(`${messageOf(thrown)}\n`);
  process.exitCode = 1;
}
