import classes from './code-block.module.css';
import { CopyButton } from './copy-button.tsx';

export interface CodeBlockProps {
  readonly text: string;
  /** Names the text for the copy button: "the command". */
  readonly what: string;
  /** What is copied, if more than what is shown. */
  readonly copied?: string;
}

/** Monospace text with a copy button. Never rendered as markup; scrollable by keyboard. */
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
