import { Button, Group } from '@mantine/core';
import { useMutation, useQuery } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { Loading } from '../parts/loading.tsx';
import { Notice } from '../parts/notice.tsx';
import { AuthenticatorSecret } from '../session/authenticator-secret.tsx';
import { CodeInput } from '../session/code-input.tsx';
import { beginSecondFactor, confirmSecondFactor } from '../session/second-factor.ts';

/** Shows a new secret and asks for its first code. */
export function SetUpSecondFactor({ onDone }: { onDone: () => void }) {
  const [code, setCode] = useState('');
  // The secret belongs to this dialog. Other refetches do not replace it, because the user may be scanning it.
  const secret = useQuery({
    queryKey: ['second-factor', 'secret'],
    queryFn: beginSecondFactor,
    staleTime: 'static',
    gcTime: 0,
  });
  const confirm = useMutation({ mutationFn: confirmSecondFactor, onSuccess: onDone });
  const error = secret.error ?? confirm.error;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (code !== '') confirm.mutate(code);
  };
  return (
    <form onSubmit={submit} noValidate>
      {error !== null && <Notice tone="bad" title={error.message} />}
      {secret.data === undefined ? (
        secret.isPending && <Loading />
      ) : (
        <AuthenticatorSecret secret={secret.data} />
      )}
      <CodeInput value={code} onChange={setCode} description="The current code in the app." />
      <Group justify="flex-end" mt="md">
        <Button type="submit" loading={confirm.isPending} disabled={code === '' || secret.data === undefined}>
          Confirm
        </Button>
      </Group>
    </form>
  );
}
