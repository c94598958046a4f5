import type { Edge, Node } from '@xyflow/react';
import type { CSSProperties } from 'react';
import type { LinkedConnector, WireAgent } from '../../src/api/contract/agent.ts';

export type AgentNodeData = { agent: WireAgent };
export type ConnectorNodeData = { connector: LinkedConnector; isStacked: boolean };
export type HintNodeData = { text: string; side: 'inbound' | 'outbound' };

export type FlowNode =
  | Node<AgentNodeData, 'agent'>
  | Node<ConnectorNodeData, 'connector'>
  | Node<HintNodeData, 'hint'>;

/** Sizes in px; keep them in sync with the nodes' style sheet. */
const nodeWidth = 230;
const rowHeight = 74;
const columnGap = 110;
const columnX = { inbound: 0, agent: nodeWidth + columnGap, outbound: 2 * (nodeWidth + columnGap) };

/** The gap between the sides of a stacked flow, in px. */
const sideGap = 18;

/**
 * Lays out inbound connectors, the agent, and outbound connectors in three columns. An empty side shows a hint.
 *
 * @param isStacked whether to use one column, for a narrow screen: lines then run beside the nodes
 */
export function layOutFlow(agent: WireAgent, isStacked: boolean): { nodes: FlowNode[]; edges: Edge[] } {
  const { inbound, outbound } = sidesOf(agent);
  const position = { x: columnX.agent, y: -rowHeight / 2 };
  const nodes: FlowNode[] = [
    ...columnOf(inbound, 'inbound', 'Nothing triggers this agent yet'),
    { id: agent.name, type: 'agent', position, data: { agent } },
    ...columnOf(outbound, 'outbound', 'Its results are not sent anywhere yet'),
  ];
  const edges = [
    ...inbound.map((connector) => edge(connector, connector.id, agent.name, isStacked)),
    ...outbound.map((connector) => edge(connector, agent.name, connector.id, isStacked)),
  ];
  return { nodes: isStacked ? stack(nodes, Math.max(1, inbound.length)) : nodes, edges };
}

/** Puts the nodes below each other, with extra space around the agent. */
function stack(nodes: readonly FlowNode[], agentRow: number): FlowNode[] {
  return nodes.map((node, row) => {
    const gap = row < agentRow ? 0 : row === agentRow ? sideGap : 2 * sideGap;
    const position = { x: 0, y: row * rowHeight + gap };
    if (node.type !== 'connector') return { ...node, position };
    return { ...node, position, data: { ...node.data, isStacked: true } };
  });
}

/** The height of the longer side, or of the whole stack, in px. */
export function flowHeight(agent: WireAgent, isStacked: boolean): number {
  const { inbound, outbound } = sidesOf(agent);
  if (!isStacked) return Math.max(outbound.length, inbound.length, 2) * rowHeight + 48;
  const rows = Math.max(1, inbound.length) + 1 + Math.max(1, outbound.length);
  return rows * rowHeight + 2 * sideGap + 24;
}

function sidesOf({ connectors }: WireAgent) {
  return {
    inbound: connectors.filter(({ mode }) => mode !== 'outbound'),
    outbound: connectors.filter(({ mode }) => mode === 'outbound'),
  };
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
    data: { connector, isStacked: false },
  }));
}

/** Line styles by health; those of paused and disabled connectors are dotted. Where an agent chooses what it sends, lines are dashed and stand still. The node shows the same in words. */
const edgeStyles: Readonly<Record<LinkedConnector['health']['status'], CSSProperties>> = {
  ok: { stroke: 'var(--good)', strokeWidth: 1.5 },
  failing: { stroke: 'var(--bad)', strokeWidth: 2 },
  idle: {},
  paused: { stroke: 'var(--warn)', strokeDasharray: '2 6' },
  disabled: { strokeDasharray: '2 6' },
};

function edge(connector: LinkedConnector, source: string, target: string, isStacked: boolean): Edge {
  const { status } = connector.health;
  const isByChoice = connector.delivery === 'tool' || connector.delivery === 'code';
  return {
    id: `${source}-${target}`,
    source,
    target,
    ...(isStacked && { type: 'smoothstep' }),
    animated: status === 'ok' && !isByChoice,
    focusable: false,
    style: { ...(isByChoice && { strokeDasharray: '8 5' }), ...edgeStyles[status] },
  };
}
