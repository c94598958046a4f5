import '@xyflow/react/dist/base.css';
import { Background, type Edge, type NodeTypes, ReactFlow, useReactFlow, useStore } from '@xyflow/react';
import { useEffect } from 'react';
import type { WireAgent } from '../../src/api/contract/agent.ts';
import { useIsNarrow } from '../parts/use-is-narrow.ts';
import classes from './connector-flow.module.css';
import { AgentNode, ConnectorNode, HintNode } from './flow-nodes.tsx';
import { flowHeight, layOutFlow } from './lay-out-flow.ts';

const nodeTypes: NodeTypes = { agent: AgentNode, connector: ConnectorNode, hint: HintNode };

const fitting = { padding: 0.08, maxZoom: 1 };

/**
 * Shows what triggers the agent and where its results go: inbound and sync connectors, the agent, outbound connectors.
 */
export default function ConnectorFlow({ agent }: { agent: WireAgent }) {
  const isStacked = useIsNarrow();
  const { nodes, edges } = layOutFlow(agent, isStacked);
  return (
    <div className={classes.flow} style={{ height: flowHeight(agent, isStacked) }}>
      <ReactFlow
        key={`${agent.connectors.length} ${isStacked}`}
        nodes={nodes}
        edges={edges satisfies Edge[]}
        nodeTypes={nodeTypes}
        fitView
        fitViewOptions={fitting}
        minZoom={0.3}
        nodesDraggable={false}
        nodesConnectable={false}
        nodesFocusable={false}
        edgesFocusable={false}
        elementsSelectable={false}
        panOnDrag={false}
        panOnScroll={false}
        zoomOnScroll={false}
        zoomOnPinch={false}
        zoomOnDoubleClick={false}
        preventScrolling={false}
        proOptions={{ hideAttribution: true }}
        aria-label={`Connector flow of ${agent.name}`}
      >
        <Background gap={18} size={1} />
        <FitToWidth />
      </ReactFlow>
    </div>
  );
}

/** Fits the graph again where the window becomes wider or narrower: it cannot be moved by hand. */
function FitToWidth() {
  const width = useStore((flow) => flow.width);
  const { fitView } = useReactFlow();
  useEffect(() => {
    if (width > 0) void fitView(fitting);
  }, [width, fitView]);
  return null;
}
