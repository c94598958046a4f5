import { awsClients } from '../src/engines/aws/clients.ts';
import { removalResource } from '../src/engines/aws/entry/custom-resource.ts';
import { ruleConfig } from '../src/engines/aws/entry/source-environment.ts';
import { removeRules } from '../src/engines/aws/ways/rule/remove-rules.ts';

const { eventBridge } = awsClients();
const { prefix, buses } = ruleConfig();

/** A custom resource that removes rules when the stack is deleted, or when their bus is removed from the settings. */
export const handler = removalResource({
  begin: async () => removeRules(await eventBridge(), prefix, buses),
  remove: async () => removeRules(await eventBridge(), prefix, []),
});
