import { IconChevronDown, IconChevronRight } from '@tabler/icons-react';
import { type ReactNode, useId, useState } from 'react';
import classes from './more-settings.module.css';

export interface MoreSettingsProps {
  /** Default: `More settings`. */
  readonly title?: string;
  /** Whether one of the settings is set or wrong, so that they are expanded at first. */
  readonly isWanted: boolean;
  readonly children: ReactNode;
}

/** Advanced settings, collapsed. */
export function MoreSettings({ title = 'More settings', isWanted, children }: MoreSettingsProps) {
  const id = useId();
  const [chosen, setChosen] = useState<boolean | null>(null);
  const isOpen = chosen ?? isWanted;
  const Mark = isOpen ? IconChevronDown : IconChevronRight;
  return (
    <div className={classes.more}>
      <button
        type="button"
        className={classes.opener}
        aria-expanded={isOpen}
        aria-controls={id}
        onClick={() => setChosen(!isOpen)}
      >
        <Mark size={14} aria-hidden="true" />
        {title}
      </button>
      <div id={id} hidden={!isOpen} className={classes.fields}>
        {children}
      </div>
    </div>
  );
}
