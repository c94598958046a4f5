import { VisuallyHidden } from '@mantine/core';
import { IconEye } from '@tabler/icons-react';
import { Handle, type NodeProps, Position } from '@xyflow/react';
import { useSearchParams } from 'wouter';
import type { LinkedConnector } from '../../src/api/contract/agent.ts';
import { TypeIcon } from '../connectors/type-icon.tsx';
import { ElapsedTime } from '../parts/time-text.tsx';
import { AgentMark } from './agent-mark.tsx';
import classes from './flow-nodes.module.css';
import type { FlowNode } from './lay-out-flow.ts';

type PropsOf<Type extends FlowNode['type']> = NodeProps<Extract<FlowNode, { type?: Type }>>;

export function AgentNode({ data: { agent } }: PropsOf<'agent'>) {
  return (
    <div className={classes.agent}>
      <Handle type="target" position={Position.Left} className={classes.handle} />
      <AgentMark type={agent.type} />
      <div className={classes.text}>
        <div className={classes.name}>{agent.name}</div>
        <div className={classes.detail}>{agent.model ?? `${agent.type} agent`}</div>
      </div>
      <Handle type="source" position={Position.Right} className={classes.handle} />
    </div>
  );
}

/** A connector; clicking it opens its details. */
export function ConnectorNode({ data: { connector, isStacked } }: PropsOf<'connector'>) {
  const [, setSearch] = useSearchParams();
  const isOutbound = connector.mode === 'outbound';
  return (
    <button
      type="button"
      className={`nopan nodrag ${classes.connector}`}
      data-health={connector.health.status}
      title={connector.health.reason ?? undefined}
      onClick={() => setSearch({ connector: connector.id })}
    >
      <Handle
        type={isOutbound ? 'target' : 'source'}
        position={isOutbound === isStacked ? Position.Right : Position.Left}
        className={classes.handle}
      />
      <TypeIcon type={connector.type} />
      <span className={classes.text}>
        <span className={classes.name}>
          <VisuallyHidden component="span">Show </VisuallyHidden>
          {connector.name}
        </span>
        <span className={classes.detail}>
          {modeWords(connector)}, <span className={classes.health}>{connector.health.status}</span>
          {connector.health.status === 'failing' && connector.health.since !== null && (
            <>
              {' '}
              for <ElapsedTime since={connector.health.since} />
            </>
          )}
        </span>
      </span>
      <IconEye size={16} className={classes.eye} aria-hidden="true" />
    </button>
  );
}

/** How results, or messages by choice, reach it. */
function modeWords({ mode, delivery }: LinkedConnector): string {
  return delivery === 'tool' || delivery === 'code' ? `${mode} by ${delivery}` : mode;
}

/** Marks a side without connectors. */
export function HintNode({ data }: PropsOf<'hint'>) {
  return <div className={classes.hint}>{data.text}</div>;
}
