import { Button } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconSend } from '@tabler/icons-react';
import { isSocketUrl } from '../../src/api/contract/instructions.ts';
import { usePageSettings } from '../api/page-settings.ts';
import { Conversation } from './conversation.tsx';
import type { SampledCall } from './sampled-call.ts';
import { SendRequest } from './send-request.tsx';
import { reachableUrl } from './send-trigger.ts';

/** Opens a form that calls the connector from the page, if the browser allows that. */
export function CallFromPage({ connectorId, sample, secret }: SampledCall) {
  const [opened, form] = useDisclosure(false);
  const baseUrl = usePageSettings().data?.base_url ?? null;
  const target = reachableUrl(sample.url, window.location.href, baseUrl);
  if (target === null) return null;
  const isSocket = isSocketUrl(target);
  const Form = isSocket ? Conversation : SendRequest;
  if (opened) return <Form connectorId={connectorId} sample={{ ...sample, url: target }} secret={secret} />;
  return (
    <Button variant="default" leftSection={<IconSend size={14} />} mt="sm" onClick={form.open}>
      {isSocket ? 'Send a test message' : 'Send a test request'}
    </Button>
  );
}
