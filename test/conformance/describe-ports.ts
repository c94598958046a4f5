import { describeApiKeys } from './api-key-suite.ts';
import { describeBudgets } from './budget-suite.ts';
import { describeChains } from './chain-suite.ts';
import { describeConnections } from './connection-suite.ts';
import { describeConnectorChanges } from './connector-changes-suite.ts';
import { describeConnectorStore } from './connector-store-suite.ts';
import { describeDeliveryStore } from './delivery-store-suite.ts';
import { describeHolds } from './hold-suite.ts';
import type { OpenPorts } from './ports-under-test.ts';
import { describeRunDispatch } from './run-dispatch-suite.ts';
import { describeRunLeases } from './run-lease-suite.ts';
import { describeRunLists } from './run-list-suite.ts';
import { describeRunStats } from './run-stats-suite.ts';
import { describeScheduledRuns } from './scheduled-run-suite.ts';
import { describeSmallStores } from './small-stores-suite.ts';
import { describeTriggers } from './trigger-suite.ts';

/** What the ports promise: every engine passes all of it, on its real store. */
export function describePorts(open: OpenPorts): void {
  describeRunDispatch(open);
  describeRunLeases(open);
  describeRunLists(open);
  describeRunStats(open);
  describeHolds(open);
  describeScheduledRuns(open);
  describeChains(open);
  describeTriggers(open);
  describeDeliveryStore(open);
  describeConnectorStore(open);
  describeConnections(open);
  describeConnectorChanges(open);
  describeSmallStores(open);
  describeApiKeys(open);
  describeBudgets(open);
}
