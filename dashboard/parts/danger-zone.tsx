import { IconTrash } from '@tabler/icons-react';
import { OperatorsOnly } from '../session/operators-only.tsx';
import { ConfirmButton } from './confirm-button.tsx';
import classes from './danger-zone.module.css';
import { Notice } from './notice.tsx';

export interface DangerZoneProps {
  /** What is deleted. */
  readonly name: string;
  readonly consequence: string;
  readonly error: Error | null;
  readonly isPending: boolean;
  readonly onDelete: () => void;
}

/** The action that cannot be undone, apart from the others. */
export function DangerZone({ name, consequence, error, isPending, onDelete }: DangerZoneProps) {
  return (
    <OperatorsOnly>
      <section className={classes.danger} aria-label="Danger zone">
        <h2 className={classes.heading}>Danger zone</h2>
        {error !== null && <Notice tone="bad" title={error.message} />}
        <div className={classes.line}>
          <p className={classes.text}>{consequence}</p>
          <ConfirmButton
            label="Delete"
            icon={<IconTrash size={14} />}
            question={`Delete ${name}?`}
            consequence={consequence}
            isPending={isPending}
            onConfirm={onDelete}
          />
        </div>
      </section>
    </OperatorsOnly>
  );
}
