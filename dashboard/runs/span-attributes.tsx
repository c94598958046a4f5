import { Link } from 'wouter';
import type { WireSpan } from '../../src/api/contract/run.ts';
import { CodeBlock } from '../parts/code-block.tsx';
import { Facts } from '../parts/facts.tsx';
import { describePayload } from './describe-payload.ts';
import { readMessages } from './read-messages.ts';
import classes from './span-attributes.module.css';
import { SpanMessages } from './span-messages.tsx';

type Value = WireSpan['attributes'][string];

/** Attributes with content, in reading order; all others are facts. */
const said: readonly (readonly [name: string, title: string])[] = [
  ['gen_ai.system_instructions', 'System prompt'],
  ['gen_ai.tool.definitions', 'Tools'],
  ['gen_ai.output.schema', 'Output schema'],
  ['gen_ai.input.messages', 'Asked'],
  ['gen_ai.output.messages', 'Answered'],
  ['gen_ai.tool.call.arguments', 'Arguments'],
  ['gen_ai.tool.call.result', 'Result'],
];

const openAtFirst = new Set(['Answered', 'Arguments', 'Result']);

/** The recorded attributes of a step: content in collapsible blocks, the rest under their OpenTelemetry names. */
export function SpanAttributes({ attributes }: { attributes: WireSpan['attributes'] }) {
  const names = Object.keys(attributes);
  if (names.length === 0) return <p className={classes.nothing}>No details were recorded.</p>;
  const facts = names.filter((name) => !said.some(([known]) => known === name));
  return (
    <>
      {said.map(([name, title]) => {
        const value = attributes[name];
        return value === undefined ? null : <Said key={name} title={title} value={value} />;
      })}
      <Facts
        items={facts.map((name) => ({
          label: name,
          value: <AttributeValue name={name} value={attributes[name] ?? null} />,
        }))}
      />
    </>
  );
}

/** Collapsed, except for the step's result. */
function Said({ title, value }: { title: string; value: Value }) {
  const messages = readMessages(value);
  return (
    <details className={classes.said} open={openAtFirst.has(title)}>
      <summary>{messages === null ? title : `${title}: ${countText(messages.length)}`}</summary>
      {messages === null ? (
        <CodeBlock text={describePayload(value).formatted} what={title} />
      ) : (
        <SpanMessages messages={messages} />
      )}
    </details>
  );
}

function countText(count: number): string {
  return count === 1 ? '1 message' : `${count} messages`;
}

function AttributeValue({ name, value }: { name: string; value: Value }) {
  if (name === 'delivery.id') return <Link href={`/deliveries/${value}`}>{String(value)}</Link>;
  const { formatted } = describePayload(value);
  if (!formatted.includes('\n')) return <code>{formatted}</code>;
  return <CodeBlock text={formatted} what={name} />;
}
