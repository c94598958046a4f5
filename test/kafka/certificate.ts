import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

export const storePassword = 'store-password';

/** A certificate for `localhost` that vouches for itself, in a key store as the broker wants it, by the JDK's keytool. */
export async function makeCertificate(folder: string): Promise<{ keyStore: string; caCertificate: string }> {
  const keyStore = join(folder, 'broker.p12');
  const store = ['-keystore', keyStore, '-storepass', storePassword, '-alias', 'broker'];
  const names = ['-dname', 'CN=localhost', '-ext', 'san=dns:localhost,ip:127.0.0.1'];
  await run('keytool', [
    '-genkeypair',
    '-keyalg',
    'EC',
    '-validity',
    '2',
    '-storetype',
    'PKCS12',
    ...names,
    ...store,
  ]);
  const { stdout } = await run('keytool', ['-exportcert', '-rfc', ...store]);
  return { keyStore, caCertificate: stdout };
}
