import { CodeBlock } from '../parts/code-block.tsx';
import { describePayload } from './describe-payload.ts';
import type { SpanMessage, SpanMessagePart } from './read-messages.ts';
import classes from './span-attributes.module.css';

/** Part of a conversation: messages by role, tool calls, and their results. */
export function SpanMessages({ messages }: { messages: readonly SpanMessage[] }) {
  return (
    <ol className={classes.messages}>
      {messages.map(({ role, parts }, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: what was recorded never changes its order
        <li key={index} className={classes.message}>
          <span className={classes.role}>{role}</span>
          <div className={classes.parts}>
            {parts.map((part, place) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: as above
              <Part key={place} part={part} />
            ))}
          </div>
        </li>
      ))}
    </ol>
  );
}

function Part({ part }: { part: SpanMessagePart }) {
  const { type, name } = part;
  if (type === 'tool_call') return <Titled title={`calls ${name}`} text={part.arguments ?? null} />;
  if (type === 'tool_call_response')
    return <Titled title={`${name} returned`} text={part.response ?? null} />;
  if (type === 'file')
    return <p className={classes.text}>{`File ${name ?? ''} (${part.media_type ?? 'no type'})`}</p>;
  const text = part.content ?? 'Not kept: the trace of this run is full.';
  return <Titled title={type === 'reasoning' ? 'reasoning' : null} text={text} />;
}

function Titled({ title, text }: { title: string | null; text: string | null }) {
  const { formatted } = describePayload(text);
  return (
    <>
      {title !== null && <p className={classes.text}>{title}</p>}
      {text !== null && <CodeBlock text={formatted} what={title ?? 'the message'} />}
    </>
  );
}
