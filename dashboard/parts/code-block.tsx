import classes from './code-block.module.css';
import { CopyButton } from './copy-button.tsx';

export interface CodeBlockProps {
  readonly text: string;
  /** Names it for the copy button: "the command". */
  readonly what: string;
  /** What is copied, where it is more than what is shown. */
  readonly copied?: string;
}

/** Text in monospace, always as text, with a button that copies it. Reachable by keyboard where it scrolls. */
export function CodeBlock({ text, what, copied = text }: CodeBlockProps) {
  return (
    <div className={classes.block}>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reachable by keyboard */}
      <pre className={classes.text} tabIndex={0}>
        {text}
      </pre>
      <div className={classes.copy}>
        <CopyButton text={copied} what={what} />
      </div>
    </div>
  );
}
