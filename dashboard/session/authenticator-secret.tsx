import { Text } from '@mantine/core';
import { CopyField } from '../parts/copy-field.tsx';
import type { NewSecret } from './cognito-users.ts';
import { QrCode } from './qr-code.tsx';

/** A secret for an authenticator app: as a QR code, as a link on the same phone, and as text. */
export function AuthenticatorSecret({ secret }: { secret: NewSecret }) {
  return (
    <>
      <QrCode
        text={secret.uri}
        label="QR code for an authenticator app, with the same content as the setup key below"
      />
      <Text size="sm" my="sm">
        Scan the code with an authenticator app, or <a href={secret.uri}>open the app on this device</a>.
      </Text>
      <CopyField label="Setup key" text={secret.key} shown={inGroups(secret.key)} />
    </>
  );
}

/** Groups of four characters are easier to type. */
function inGroups(key: string): string {
  return key.match(/.{1,4}/g)?.join(' ') ?? key;
}
