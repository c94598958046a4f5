import { ActionIcon, Button, Group, Tooltip } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconEye, IconEyeOff, IconRefresh } from '@tabler/icons-react';
import type { WireConnector } from '../../src/api/contract/connector.ts';
import type { WireModeDescription } from '../../src/api/contract/connector-type.ts';
import { CopyField } from '../parts/copy-field.tsx';
import { Notice } from '../parts/notice.tsx';
import { RemainingTime } from '../parts/time-text.tsx';
import { OperatorsOnly } from '../session/operators-only.tsx';
import classes from './credentials.module.css';
import { RotateSecret } from './rotate-secret.tsx';
import type { ShownSecret } from './use-secret.ts';

export interface CredentialsProps {
  readonly connector: WireConnector;
  readonly mode: WireModeDescription;
  readonly secret: ShownSecret;
}

/** The connector's URL and secret, if it has them. */
export function Credentials({ connector, mode, secret }: CredentialsProps) {
  const [rotating, rotation] = useDisclosure(false);
  return (
    <div className={classes.credentials}>
      {connector.url !== null && <CopyField label="URL" text={connector.url} />}
      {mode.has_secret && (
        <>
          <CopyField
            label="Secret"
            text={secret.text ?? ''}
            shown={secret.text ?? '••••••••••••••••••••••••'}
            actions={
              <OperatorsOnly>
                <ShowButton secret={secret} />
              </OperatorsOnly>
            }
          />
          <Group gap="xs" justify="space-between">
            <span className={classes.note}>
              {secret.previousValidUntil !== null && (
                <>
                  The previous secret works for <RemainingTime until={secret.previousValidUntil} />.
                </>
              )}
            </span>
            <OperatorsOnly>
              <Button
                variant="subtle"
                size="compact-xs"
                leftSection={<IconRefresh size={13} />}
                onClick={rotation.open}
                loading={secret.isPending}
              >
                Rotate
              </Button>
            </OperatorsOnly>
          </Group>
          {secret.error !== null && <Notice tone="bad" title={secret.error.message} />}
          <RotateSecret opened={rotating} onClose={rotation.close} onRotate={secret.rotate} />
        </>
      )}
    </div>
  );
}

function ShowButton({ secret }: { secret: ShownSecret }) {
  const isShown = secret.text !== null;
  const label = isShown ? 'Hide secret' : 'Show secret';
  return (
    <Tooltip label={isShown ? label : `${label} (recorded in the audit log)`}>
      <ActionIcon aria-label={label} loading={secret.isPending} onClick={isShown ? secret.hide : secret.show}>
        {isShown ? <IconEyeOff size={15} /> : <IconEye size={15} />}
      </ActionIcon>
    </Tooltip>
  );
}
