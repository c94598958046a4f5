import { App, Aspects } from 'aws-cdk-lib';
import { appSettings } from '../../../lib/settings/app-settings.ts';
import { AgentConnectorsStack } from '../../../lib/stack.ts';
import { BufferedRoutes } from '../buffered-routes.ts';

/** The product's app as it is, but for the exception `response-streaming` (see `../exceptions.ts`). */
const app = new App();
const { stackName, settings } = appSettings(app);
const stack = new AgentConnectorsStack(app, stackName, { settings });
Aspects.of(stack).add(new BufferedRoutes());
