import classes from './choice-box.module.css';

export interface ChoiceBoxProps {
  readonly label: string;
  readonly isChosen: boolean;
  /** Some, but not all. */
  readonly isPartly?: boolean;
  readonly onToggle: () => void;
}

/** A plain checkbox, because lists redraw hundreds of them while scrolling. */
export function ChoiceBox({ label, isChosen, isPartly = false, onToggle }: ChoiceBoxProps) {
  return (
    <input
      type="checkbox"
      className={classes.box}
      aria-label={label}
      checked={isChosen}
      ref={(box) => {
        if (box !== null) box.indeterminate = isPartly;
      }}
      onChange={onToggle}
    />
  );
}
