import type { RunRecord } from '../runs/run.ts';

/** A reason for which queued runs wait. They stay in the queue, in their order, until it ends. */
export interface Hold {
  /** What waits: see `holdKeys`. Also names the slot without places that its runs wait for. */
  readonly key: string;
  /** Unix ms. */
  readonly since: number;
  /** The operator who began it; `null` if the product did. */
  readonly by: string | null;
  /** Why runs wait, in one sentence. */
  readonly reason: string;
  /** How many runs a minute go on once it has ended; `null`: all at once. */
  readonly drainPerMinute: number | null;
  /** Since when its runs go on, Unix ms; `null` while all of them wait. */
  readonly drainingSince: number | null;
}

/** Keys of other slots begin with an agent's name, which contains no colon. */
const prefix = 'hold:';

/** Whether the slot that a run waits for is a hold. */
export function isHold(slotKey: string): boolean {
  return slotKey.startsWith(prefix);
}

export const holdKeys = {
  deployment: `${prefix}deployment`,
  /** Deliveries of all connectors. */
  deliveries: `${prefix}deliveries`,
  agent: (name: string) => `${prefix}agent:${name}`,
  /** Deliveries of one connector. */
  receiver: (id: string) => `${prefix}receiver:${id}`,
  connector: (id: string) => `${prefix}connector:${id}`,
  budget: (id: string) => `${prefix}budget:${id}`,
};

/** The name of the agent whose pause this key stands for; `null` if it stands for something else. */
export function agentOfKey(key: string): string | null {
  const start = holdKeys.agent('');
  return key.startsWith(start) ? key.slice(start.length) : null;
}

/** The id of the connector whose pause this key stands for; `null` if it stands for something else. */
export function connectorOfKey(key: string): string | null {
  for (const keyOf of [holdKeys.connector, holdKeys.receiver]) {
    const start = keyOf('');
    if (key.startsWith(start)) return key.slice(start.length);
  }
  return null;
}

/** Whether deliveries wait in the hold, not runs. */
export function holdsDeliveries(key: string): boolean {
  return key === holdKeys.deliveries || key.startsWith(holdKeys.receiver(''));
}

/** The hold that applies to a connector's deliveries; `null` if there is none. */
export function holdOfDeliveries(holds: ReadonlyMap<string, Hold>, connectorId: string): Hold | null {
  return holds.get(holdKeys.deliveries) ?? holds.get(holdKeys.receiver(connectorId)) ?? null;
}

/** The holds that apply to a run, widest first. */
export function holdsOf(
  holds: ReadonlyMap<string, Hold>,
  { agentName, connectorId }: Pick<RunRecord, 'agentName' | 'connectorId'>,
): readonly Hold[] {
  if (holds.size === 0) return [];
  const keys = [holdKeys.deployment, holdKeys.agent(agentName)];
  if (connectorId !== null) keys.push(holdKeys.connector(connectorId));
  return keys.flatMap((key) => holds.get(key) ?? []);
}
