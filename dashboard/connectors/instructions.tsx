import Markdown, { type MarkdownToJSX, RuleType } from 'markdown-to-jsx/react';
import { type Fillings, fillPlaceholders } from '../../src/api/contract/instructions.ts';
import { CodeBlock } from '../parts/code-block.tsx';
import { CopyButton } from '../parts/copy-button.tsx';
import classes from './instructions.module.css';

export interface InstructionsProps {
  /** Markdown from the connector's type. */
  readonly text: string;
  readonly fillings: Fillings;
}

/** A type's instructions with the connector's own URL and secret to copy. HTML in them appears as text. */
export default function Instructions({ text, fillings }: InstructionsProps) {
  const options: MarkdownToJSX.Options = {
    disableParsingRawHTML: true,
    forceBlock: true,
    renderRule: (next, node, _renderChildren, { key }) => {
      if (node.type === RuleType.codeInline) return <Code key={key} text={node.text} fillings={fillings} />;
      if (node.type === RuleType.codeBlock) return <Block key={key} text={node.text} fillings={fillings} />;
      return next();
    },
    overrides: { a: { props: { target: '_blank', rel: 'noreferrer' } } },
  };
  return (
    <div className={classes.instructions}>
      <Markdown options={options}>{text.trim()}</Markdown>
    </div>
  );
}

function Code({ text, fillings }: InstructionsProps) {
  const parts = fillPlaceholders(text, fillings);
  const filled = parts.map((part) => part.text).join('');
  const isCopyable = filled !== text && !parts.some(({ isMissing }) => isMissing);
  return (
    <>
      <code className={classes.code}>
        {parts.map((part, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: parts of one text, in its order
          <span key={index} data-missing={part.isMissing || undefined}>
            {part.text}
          </span>
        ))}
      </code>
      {isCopyable && <CopyButton text={filled} what="this value" />}
    </>
  );
}

function Block({ text, fillings }: InstructionsProps) {
  const parts = fillPlaceholders(text, fillings);
  return <CodeBlock text={parts.map((part) => part.text).join('')} what="this block" />;
}
