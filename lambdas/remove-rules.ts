import { awsClients } from '../src/engines/aws/clients.ts';
import { removalResource } from '../src/engines/aws/entry/custom-resource.ts';
import { rulePlaces } from '../src/engines/aws/entry/source-environment.ts';
import { removeRules } from '../src/engines/aws/ways/rule/remove-rules.ts';

const { eventBridge } = awsClients();
const { prefix, buses } = rulePlaces();

/** A custom resource: rules go with the stack, and with a bus that is no longer one of the deployment's. */
export const handler = removalResource({
  begin: async () => removeRules(await eventBridge(), prefix, buses),
  remove: async () => removeRules(await eventBridge(), prefix, []),
});
