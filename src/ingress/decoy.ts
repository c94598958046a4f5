import { type ReceiveContext, type Received, unauthorized } from '../core/connectors/received.ts';

/** The context for a decoy's type: it admits nobody. */
export function decoyContext(context: ReceiveContext): ReceiveContext {
  return {
    ...context,
    admit: () => unauthorized,
    agents: () => [],
    findRun: async () => null,
    cancelRuns: async () => {},
  };
}

/** The outcome of an event at a decoy: it starts nothing, and writes no history under an unknown id. */
export function decoyReceived(received: Received): Received {
  if (received.outcome === 'answered') return { ...received, reason: null };
  return received.outcome === 'accepted' ? unauthorized : received;
}
