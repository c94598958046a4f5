import type { Edge, Node } from '@xyflow/react';
import type { CSSProperties } from 'react';
import type { LinkedConnector, WireAgent } from '../../src/api/contract/agent.ts';

export type AgentNodeData = { agent: WireAgent };
export type ConnectorNodeData = { connector: LinkedConnector };
export type HintNodeData = { text: string; side: 'inbound' | 'outbound' };

export type FlowNode =
  | Node<AgentNodeData, 'agent'>
  | Node<ConnectorNodeData, 'connector'>
  | Node<HintNodeData, 'hint'>;

/** Sizes in px; the nodes' style sheet says the same. */
const nodeWidth = 230;
const rowHeight = 74;
const columnGap = 110;
const columnX = { inbound: 0, agent: nodeWidth + columnGap, outbound: 2 * (nodeWidth + columnGap) };

/** Three columns: what triggers the agent, the agent, where its results go. An empty side says so. */
export function layOutFlow(agent: WireAgent): { nodes: FlowNode[]; edges: Edge[] } {
  const inbound = agent.connectors.filter(({ mode }) => mode !== 'outbound');
  const outbound = agent.connectors.filter(({ mode }) => mode === 'outbound');
  const nodes: FlowNode[] = [
    ...columnOf(inbound, 'inbound', 'Nothing triggers this agent yet'),
    { id: agent.name, type: 'agent', position: { x: columnX.agent, y: -rowHeight / 2 }, data: { agent } },
    ...columnOf(outbound, 'outbound', 'Its results are not sent anywhere yet'),
  ];
  const edges = [
    ...inbound.map((connector) => edge(connector, connector.id, agent.name)),
    ...outbound.map((connector) => edge(connector, agent.name, connector.id)),
  ];
  return { nodes, edges };
}

/** Enough for the longer side, in px. */
export function flowHeight({ connectors }: WireAgent): number {
  const outbound = connectors.filter(({ mode }) => mode === 'outbound').length;
  return Math.max(outbound, connectors.length - outbound, 2) * rowHeight + 48;
}

function columnOf(
  connectors: readonly LinkedConnector[],
  side: 'inbound' | 'outbound',
  emptyText: string,
): FlowNode[] {
  const x = columnX[side];
  if (connectors.length === 0) {
    const data = { text: emptyText, side };
    return [{ id: side, type: 'hint', position: { x, y: -rowHeight / 2 }, data }];
  }
  return connectors.map((connector, row) => ({
    id: connector.id,
    type: 'connector',
    position: { x, y: (row - connectors.length / 2) * rowHeight },
    data: { connector },
  }));
}

/** A line that is live moves; one that is broken off is dashed. The node says the same in words. */
const edgeStyles: Readonly<Record<LinkedConnector['health']['status'], CSSProperties>> = {
  ok: { stroke: 'var(--good)', strokeWidth: 1.5 },
  failing: { stroke: 'var(--bad)', strokeWidth: 2 },
  idle: {},
  paused: { stroke: 'var(--warn)', strokeDasharray: '2 6' },
  disabled: { strokeDasharray: '2 6' },
};

function edge(connector: LinkedConnector, source: string, target: string): Edge {
  const { status } = connector.health;
  return {
    id: `${source}-${target}`,
    source,
    target,
    animated: status === 'ok',
    focusable: false,
    style: edgeStyles[status],
  };
}
