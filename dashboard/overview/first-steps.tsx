import { Button } from '@mantine/core';
import { IconCircle, IconCircleCheckFilled } from '@tabler/icons-react';
import { useState } from 'react';
import { useAgents } from '../api/agents.ts';
import { useConnectors } from '../api/connectors.ts';
import { useRecentRuns } from '../api/runs.ts';
import { LinkButton } from '../parts/link-button.tsx';
import { Section } from '../parts/section.tsx';
import { OperatorsOnly } from '../session/operators-only.tsx';
import classes from './first-steps.module.css';
import { type FirstStep, firstSteps } from './first-success.ts';

/** Set if the user has hidden the steps in this browser. */
const hiddenKey = 'first-steps-hidden';

/**
 * Leads to a first success in a new system. A step is ticked once it has happened, no matter who did it. Hidden if all
 * had happened before the page opened.
 */
export function FirstSteps() {
  const runs = useNewestRun();
  const connectors = useConnectors();
  const agents = useAgents();
  const [wasShown, setShown] = useState(false);
  const [isHidden, setHidden] = useState(() => localStorage.getItem(hiddenKey) !== null);
  if (isHidden || !runs.data || !connectors.data || !agents.data) return null;
  const steps = firstSteps(runs.data, connectors.data, agents.data.items);
  const isComplete = steps.every(({ isDone }) => isDone);
  if (isComplete && !wasShown) return null;
  if (!wasShown) setShown(true);
  const hide = () => {
    localStorage.setItem(hiddenKey, 'true');
    setHidden(true);
  };
  return (
    <Section
      title={isComplete ? 'First steps: done' : 'First steps'}
      actions={
        <Button size="compact-xs" variant="subtle" onClick={hide}>
          Hide
        </Button>
      }
    >
      <ol className={classes.steps}>
        {steps.map((step) => (
          <Step key={step.title} {...step} />
        ))}
      </ol>
    </Section>
  );
}

/** The newest run, if there is any. */
export function useNewestRun() {
  return useRecentRuns({}, 1);
}

function Step({ title, text, isDone, next }: FirstStep) {
  const Mark = isDone ? IconCircleCheckFilled : IconCircle;
  const way = !isDone && next !== null && <LinkButton href={next.path}>{next.text}</LinkButton>;
  return (
    <li className={classes.step} data-done={isDone}>
      <Mark size={20} className={classes.mark} role="img" aria-label={isDone ? 'Done' : 'To do'} />
      <div className={classes.text}>
        <p className={classes.title}>{title}</p>
        <p className={classes.detail}>{text}</p>
      </div>
      {next?.isForOperators === true ? <OperatorsOnly>{way}</OperatorsOnly> : way}
    </li>
  );
}
