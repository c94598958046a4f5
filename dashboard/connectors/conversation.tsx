import { Button, Group } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { Link } from 'wouter';
import { fetchSecret } from '../api/connectors.ts';
import { CodeBlock } from '../parts/code-block.tsx';
import { PayloadEditor, readPayload } from '../parts/payload-editor.tsx';
import classes from './call-it.module.css';
import { carriesSecret, withSecret } from './curl-command.ts';
import type { SampledCall } from './sampled-call.ts';
import { runIdsIn } from './send-trigger.ts';
import { useConnection } from './use-connection.ts';

/** Sends messages to the connector over one connection, and shows what it answers. */
export function Conversation({ connectorId, sample, secret }: SampledCall) {
  const [text, setText] = useState(sample.body ?? '');
  const connection = useConnection();
  const send = useMutation({
    mutationFn: async () => {
      const { url } = carriesSecret(sample)
        ? withSecret(sample, secret.text ?? (await fetchSecret(connectorId)).secret)
        : sample;
      await connection.send(url, text);
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (readPayload(text).outcome === 'valid') send.mutate();
  };
  const runId = lastRunOf(connection.messages);
  return (
    <form className={classes.below} onSubmit={submit}>
      <PayloadEditor label="Message" text={text} onChange={setText} error={send.error?.message} />
      <Group mt="xs" mb="sm">
        <Button type="submit" loading={send.isPending} disabled={readPayload(text).outcome === 'invalid'}>
          Send
        </Button>
        {runId !== undefined && <Link href={`/runs/${runId}`}>Open the run</Link>}
      </Group>
      {connection.messages.length > 0 && (
        <CodeBlock text={connection.messages.join('\n')} what="the messages" />
      )}
      <p className={classes.note} role="status">
        {connection.isOpen ? 'Connected. Further messages continue this conversation.' : connection.ended}
      </p>
    </form>
  );
}

/** The first run of the last message, which its acknowledgement names. */
function lastRunOf(messages: readonly string[]): string | undefined {
  const acknowledged = messages.findLast((message) => message.includes('"run_ids"'));
  return acknowledged === undefined ? undefined : runIdsIn(acknowledged)[0];
}
