import { Button, Group, Modal, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useMutation, useQuery } from '@tanstack/react-query';
import { ConfirmButton } from '../parts/confirm-button.tsx';
import { Notice } from '../parts/notice.tsx';
import { openUserPool, type UserPool } from '../session/cognito-users.ts';
import { endSecondFactor, hasSecondFactor } from '../session/second-factor.ts';
import { SetUpSecondFactor } from './set-up-second-factor.tsx';

/** Shows whether sign-in requires an authenticator code, and changes that. */
export default function SecondFactor({ pool }: { pool: UserPool }) {
  const [opened, dialog] = useDisclosure(false);
  const state = useQuery({
    queryKey: ['second-factor'],
    queryFn: () => {
      openUserPool(pool);
      return hasSecondFactor();
    },
    // Only this user changes the state, so it is read when the page opens and after each change.
    staleTime: 'static',
    gcTime: 0,
  });
  const lookAgain = () => state.refetch();
  const end = useMutation({ mutationFn: endSecondFactor, onSuccess: lookAgain });
  const error = state.error ?? end.error;
  return (
    <>
      {error !== null && <Notice tone="bad" title={error.message} />}
      {state.data !== undefined && (
        <>
          <Text size="sm">
            {state.data
              ? 'Signing in requires your password and a code from your authenticator app.'
              : 'Signing in requires only your password. An authenticator app protects your account if the password leaks.'}
          </Text>
          <Group mt="sm">
            <Button variant={state.data ? 'default' : 'filled'} onClick={dialog.open}>
              {state.data ? 'Use another app' : 'Set up an authenticator app'}
            </Button>
            {state.data && (
              <ConfirmButton
                label="Turn off"
                question="Turn off the second factor?"
                isPending={end.isPending}
                consequence="Anyone who knows your password will be able to sign in."
                onConfirm={() => end.mutate()}
              />
            )}
          </Group>
        </>
      )}
      <Modal opened={opened} onClose={dialog.close} title="Set up an authenticator app">
        <SetUpSecondFactor
          onDone={() => {
            dialog.close();
            void lookAgain();
          }}
        />
      </Modal>
    </>
  );
}
