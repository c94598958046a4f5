import { type IKey, Key } from 'aws-cdk-lib/aws-kms';
import type { Construct } from 'constructs';

/** The customer's key, if the settings name one. The customer manages its policy. */
export function encryptionKeyOf(scope: Construct, arn: string | undefined): IKey | undefined {
  return arn === undefined ? undefined : Key.fromKeyArn(scope, 'EncryptionKey', arn);
}

/** The property that most constructs take a key in. */
export function encryptedWith(encryptionKey: IKey | undefined): { readonly encryptionKey?: IKey } {
  return encryptionKey === undefined ? {} : { encryptionKey };
}
