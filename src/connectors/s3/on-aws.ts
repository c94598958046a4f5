import type { DeployedWays, Modes } from '../../core/connectors/connector-type.ts';
import { inboundMode } from './inbound-mode.ts';
import type { BucketEvent } from './receive.ts';

/** The modes of a deployment. Without rules, events arrive only at the URL. */
export function modesOnAws(deployed: DeployedWays): Modes<BucketEvent> {
  const { request } = inboundMode.ways;
  if (deployed.has('rule') || request === undefined) return { inbound: inboundMode };
  return { inbound: { ...inboundMode, ways: { request } } };
}
