import { Suspense } from 'react';
import { asksForSecret, type Fillings } from '../../src/api/contract/instructions.ts';
import { loadLater } from '../parts/load-later.ts';
import { Loading } from '../parts/loading.tsx';
import classes from './call-it.module.css';

/** Loaded only for instructions, because it includes the Markdown parser. */
const Instructions = loadLater(() => import('./instructions.tsx'));

export interface SetUpProps {
  /** Markdown from the connector's type. */
  readonly instructions: string;
  readonly fillings: Fillings;
  /** Whether the connector exists, so that its secret can be shown. */
  readonly isCreated: boolean;
}

/** What to set up at a connector's sender or receiver. */
export function SetUp({ instructions, fillings, isCreated }: SetUpProps) {
  const lacksSecret = fillings.secret === null && asksForSecret(instructions);
  return (
    <section className={`${classes.section} ${classes.below}`} aria-label="Set up the other side">
      <h2 className={classes.heading}>Set up the other side</h2>
      <Suspense fallback={<Loading rows={3} />}>
        <Instructions text={instructions} fillings={fillings} />
      </Suspense>
      {!isCreated && <p className={classes.note}>{laterNote(instructions)}</p>}
      {isCreated && lacksSecret && <p className={classes.note}>Show the secret above to fill it in here.</p>}
    </section>
  );
}

/** Says when the placeholders in the instructions will be filled in. */
function laterNote(instructions: string): string {
  if (!instructions.includes('{{')) return 'The details of the connector show these steps again.';
  return 'The details of the connector show these steps again, with its own values filled in.';
}
