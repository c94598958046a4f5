import { type Icon, IconBolt, IconListNumbers, IconSparkles } from '@tabler/icons-react';
import type { WireAgent } from '../../src/api/contract/agent.ts';
import classes from './agent-mark.module.css';

const marks: Readonly<Record<WireAgent['type'], { icon: Icon; title: string }>> = {
  llm: { icon: IconSparkles, title: 'LLM agent' },
  sequential: { icon: IconListNumbers, title: 'Sequential agent' },
  tool: { icon: IconBolt, title: 'Tool agent' },
};

/** The agent's type as an icon; screen readers and the tooltip get its name. */
export function AgentMark({ type }: { type: WireAgent['type'] }) {
  const mark = marks[type];
  return (
    <span className={classes.mark} role="img" aria-label={mark.title} title={mark.title}>
      <mark.icon size={16} stroke={1.8} aria-hidden="true" />
    </span>
  );
}
