import { Button, Group } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconSend } from '@tabler/icons-react';
import { useMutation } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { Link } from 'wouter';
import type { WireSampleRequest } from '../../src/api/contract/connector.ts';
import { fetchSecret } from '../api/connectors.ts';
import { usePageSettings } from '../api/page-settings.ts';
import { CodeBlock } from '../parts/code-block.tsx';
import { PayloadEditor, readPayload } from '../parts/payload-editor.tsx';
import { carriesSecret, withSecret } from './curl-command.ts';
import { reachableUrl, sendTrigger } from './send-trigger.ts';
import type { ShownSecret } from './use-secret.ts';

export interface SendRequestProps {
  readonly connectorId: string;
  readonly sample: WireSampleRequest;
  readonly secret: ShownSecret;
}

/** Sends a request to the connector like its callers, and shows the answer. */
export function SendRequest({ connectorId, sample, secret }: SendRequestProps) {
  const [opened, form] = useDisclosure(false);
  const baseUrl = usePageSettings().data?.base_url ?? null;
  const target = reachableUrl(sample.url, window.location.href, baseUrl);
  if (target === null) return null;
  if (opened)
    return <RequestForm connectorId={connectorId} sample={{ ...sample, url: target }} secret={secret} />;
  return (
    <Button variant="default" leftSection={<IconSend size={14} />} mt="sm" onClick={form.open}>
      Send a test request
    </Button>
  );
}

function RequestForm({ connectorId, sample, secret }: SendRequestProps) {
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
    <form onSubmit={submit}>
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
