import { applyPending } from '../src/core/connections/apply-connection.ts';
import { messageRenewal } from '../src/core/deliveries/by-choice.ts';
import { functionEngine } from '../src/engines/aws/entry/function-engine.ts';
import { deployedConnectorTypes } from '../src/engines/aws/entry/registry.ts';
import { deployedConnectors, sourceConfig } from '../src/engines/aws/entry/source-environment.ts';
import { scheduledFunction } from '../src/engines/aws/entry/work-function.ts';
import { makeDeployedConnectors } from '../src/engines/aws/ways/mapping/deployed-connectors.ts';
import { openSources } from '../src/engines/aws/ways/open-sources.ts';

const engine = functionEngine({ types: deployedConnectorTypes, sources: openSources(sourceConfig()) });
const deployed = deployedConnectors();
const renewMessages = messageRenewal(engine);

/** Runs every minute and resumes stalled work. */
export const handler = scheduledFunction({
  reconcile: () => engine.reconcile(),
  'complete-connector-changes': () => engine.completeConnectorChanges(),
  'follow-sources': () => engine.followSources(),
  'apply-connections': () => applyPending(engine),
  'renew-messages': renewMessages,
  'make-deployed-connectors': () => makeDeployedConnectors(engine, deployed),
});
