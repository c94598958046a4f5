import type { HeldDecision } from '../deliveries/delivery.ts';
import type { Connector, DisabledPeriod } from './connector.ts';
import type { ConnectorChange } from './update-connector.ts';

/** Older periods are dropped: planning follows a run within seconds, so this many never pass in between. */
const keptPeriods = 10;

/** Disables a connector from `now` (Unix ms) on. `disabledReason` is `null` if an operator disables it. */
export function disable(connector: Connector, now: number, disabledReason: string | null): ConnectorChange {
  const period: DisabledPeriod = {
    from: now,
    until: null,
    reason: reasonOf(disabledReason),
    decision: 'keep',
  };
  return { enabled: false, disabledReason, disabledPeriods: lastOf([...connector.disabledPeriods, period]) };
}

/**
 * Enables a connector from `now` (Unix ms) on, and clears its failures.
 *
 * @param decision also applies to results of the disabled period whose deliveries are planned later
 */
export function enable(connector: Connector, now: number, decision: HeldDecision): ConnectorChange {
  const ended = { ...(openPeriod(connector) ?? unnoted(connector)), until: now, decision };
  const before = connector.disabledPeriods.filter(({ until }) => until !== null);
  return {
    enabled: true,
    disabledReason: null,
    failingSince: null,
    failureTally: null,
    disabledPeriods: lastOf([...before, ended]),
  };
}

/** The period in which the connector was disabled at `time` (Unix ms); `null` if it was enabled. */
export function disabledPeriodAt(connector: Connector, time: number): DisabledPeriod | null {
  const known = connector.disabledPeriods.findLast(
    ({ from, until }) => from <= time && (until === null || time < until),
  );
  if (known !== undefined) return known;
  return connector.enabled || openPeriod(connector) !== undefined ? null : unnoted(connector);
}

/** Why the results of a currently disabled connector are held, in one sentence. */
export function heldReason(connector: Connector): string {
  return (openPeriod(connector) ?? unnoted(connector)).reason;
}

function openPeriod({ disabledPeriods }: Connector): DisabledPeriod | undefined {
  return disabledPeriods.find(({ until }) => until === null);
}

/** The period of a connector that was disabled before periods were recorded. */
function unnoted({ disabledReason }: Connector): DisabledPeriod {
  return { from: 0, until: null, reason: reasonOf(disabledReason), decision: 'keep' };
}

function reasonOf(disabledReason: string | null): string {
  return disabledReason === null
    ? 'An operator disabled the connector.'
    : `The connector was disabled: ${disabledReason}`;
}

function lastOf(periods: readonly DisabledPeriod[]): readonly DisabledPeriod[] {
  return periods.slice(-keptPeriods);
}
