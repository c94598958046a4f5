import type { WireSpan } from '../../src/api/contract/run.ts';
import { CodeBlock } from '../parts/code-block.tsx';
import { Facts } from '../parts/facts.tsx';
import { describePayload } from './describe-payload.ts';
import classes from './span-attributes.module.css';

/** What was recorded of one step, by its OpenTelemetry name; arguments, results and other JSON are laid out. */
export function SpanAttributes({ attributes }: { attributes: WireSpan['attributes'] }) {
  const names = Object.keys(attributes);
  if (names.length === 0) return <p className={classes.nothing}>No details were recorded.</p>;
  return (
    <Facts
      items={names.map((name) => ({
        label: name,
        value: <AttributeValue name={name} value={attributes[name]} />,
      }))}
    />
  );
}

function AttributeValue({
  name,
  value,
}: {
  name: string;
  value: WireSpan['attributes'][string] | undefined;
}) {
  const { formatted } = describePayload(value ?? null);
  if (!formatted.includes('\n')) return <code>{formatted}</code>;
  return <CodeBlock text={formatted} what={name} />;
}
