import { Button, Group } from '@mantine/core';
import { useMutation, useQuery } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { Loading } from '../parts/loading.tsx';
import { Notice } from '../parts/notice.tsx';
import { AuthenticatorSecret } from '../session/authenticator-secret.tsx';
import { CodeInput } from '../session/code-input.tsx';
import { beginSecondFactor, confirmSecondFactor } from '../session/second-factor.ts';

/** Shows a new secret, and takes the first code that an app makes of it. */
export function SetUpSecondFactor({ onDone }: { onDone: () => void }) {
  const [code, setCode] = useState('');
  // A secret is for this dialog only. It stays when everything else is read again: somebody is scanning it.
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
