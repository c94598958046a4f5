import type { DeployedWays, Modes } from '../../core/connectors/connector-type.ts';
import type { BusEvent } from './bus-event.ts';
import { inboundConfigWithoutRules } from './inbound-config.ts';
import { inboundMode } from './inbound-mode.ts';
import { outboundMode } from './outbound-config.ts';

/** The modes of a deployment. Without rules, events arrive only at the URL. */
export function modesOnAws(deployed: DeployedWays): Modes<BusEvent> {
  if (deployed.has('rule')) return { inbound: inboundMode, outbound: outboundMode };
  const { request } = inboundMode.ways;
  const samples = inboundMode.samples.filter(({ config }) => config['event_bus'] === undefined);
  const ways = request === undefined ? {} : { request };
  return {
    inbound: { ...inboundMode, config: inboundConfigWithoutRules, ways, samples },
    outbound: outboundMode,
  };
}
