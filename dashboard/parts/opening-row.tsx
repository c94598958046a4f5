import { type ReactNode, useState } from 'react';
import classes from './opening-row.module.css';

export interface OpeningRowProps {
  /** How many columns the table has. */
  readonly columns: number;
  /** Renders the content below the open row. */
  readonly detail: () => ReactNode;
  /** The row's cells; `opener` renders the button that opens the row, for one of them. */
  readonly children: (opener: (text: ReactNode, isEmpty?: boolean) => ReactNode) => ReactNode;
}

/** A table row that opens to show details below it. */
export function OpeningRow({ columns, detail, children }: OpeningRowProps) {
  const [isOpen, setOpen] = useState(false);
  const opener = (text: ReactNode, isEmpty = false) => (
    <button
      type="button"
      className={classes.opener}
      aria-expanded={isOpen}
      disabled={isEmpty}
      onClick={() => setOpen(!isOpen)}
    >
      {text}
    </button>
  );
  return (
    <>
      <tr>{children(opener)}</tr>
      {isOpen && (
        <tr>
          <td colSpan={columns} className={classes.detail}>
            {detail()}
          </td>
        </tr>
      )}
    </>
  );
}
