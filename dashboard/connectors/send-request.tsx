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
import { sendTrigger } from './send-trigger.ts';

/** Sends a request to the connector like its callers, and shows the answer. */
export function SendRequest({ connectorId, sample, secret }: SampledCall) {
  const [text, setText] = useState(sample.body ?? '');
  const send = useMutation({
    mutationFn: async () => {
      const request = { ...sample, body: text };
      if (!carriesSecret(sample)) return sendTrigger(request);
      return sendTrigger(withSecret(request, secret.text ?? (await fetchSecret(connectorId)).secret));
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (readPayload(text).outcome === 'valid') send.mutate();
  };
  return (
    <form className={classes.below} onSubmit={submit}>
      <PayloadEditor label="Body" text={text} onChange={setText} error={send.error?.message} />
      <Group mt="xs" mb="sm">
        <Button type="submit" loading={send.isPending} disabled={readPayload(text).outcome === 'invalid'}>
          Send
        </Button>
        {send.data?.runIds.map((id) => (
          <Link key={id} href={`/runs/${id}`}>
            Open the run
          </Link>
        ))}
      </Group>
      {send.data !== undefined && (
        <CodeBlock text={`HTTP ${send.data.status}\n\n${send.data.body}`} what="the response" />
      )}
    </form>
  );
}
