import { type IKey, Key } from 'aws-cdk-lib/aws-kms';
import type { Construct } from 'constructs';

/** The customer's key, if the settings name one. Its policy stays the customer's. */
export function encryptionKeyOf(scope: Construct, arn: string | undefined): IKey | undefined {
  return arn === undefined ? undefined : Key.fromKeyArn(scope, 'EncryptionKey', arn);
}

/** As most constructs take a key. */
export function encryptedWith(encryptionKey: IKey | undefined): { readonly encryptionKey?: IKey } {
  return encryptionKey === undefined ? {} : { encryptionKey };
}
