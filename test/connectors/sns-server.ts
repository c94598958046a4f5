import { createSign } from 'node:crypto';
import { serveLocally } from '../local-server.ts';

/** A server that signs as Amazon SNS does, with a certificate of its own. */
export interface SnsServer {
  readonly url: string;
  readonly topicArn: string;
  /** Paths at which subscriptions were confirmed. */
  readonly confirmed: string[];
  /** A whole message, signed. */
  sign(fields: Fields): Fields;
  /** Posts a message as SNS does. @param more headers @returns the status of the answer */
  post(url: string, message: Readonly<Record<string, string | number>>, more?: Fields): Promise<number>;
  stop(): Promise<void>;
}

type Fields = Readonly<Record<string, string>>;

const signedFields = [
  'Message',
  'MessageId',
  'SubscribeURL',
  'Subject',
  'Timestamp',
  'Token',
  'TopicArn',
  'Type',
];

export async function startSnsServer(): Promise<SnsServer> {
  const confirmed: string[] = [];
  const server = await serveLocally((request, response) => {
    if (request.url === '/certificate.pem') return void response.end(snsCertificate);
    if (request.url?.startsWith('/confirm') === true) confirmed.push(request.url);
    response.end('<ConfirmSubscriptionResponse/>');
  });
  const topicArn = 'arn:aws:sns:us-east-1:000000000000:uploads';
  return {
    url: server.url,
    topicArn,
    confirmed,
    sign(fields) {
      const message: Fields = {
        Type: 'Notification',
        MessageId: '22b80b92-fdea-4c2c-8f9d-bdfb0c7bf324',
        TopicArn: topicArn,
        Timestamp: new Date().toISOString(),
        SignatureVersion: '2',
        SigningCertURL: `${server.url}/certificate.pem`,
        ...fields,
      };
      return { ...message, Signature: signatureOf(message) };
    },
    async post(url, message, more = {}) {
      const headers = {
        'content-type': 'text/plain; charset=UTF-8',
        'x-amz-sns-message-type': String(message['Type']),
        ...more,
      };
      const answer = await fetch(url, { method: 'POST', headers, body: JSON.stringify(message) });
      await answer.arrayBuffer();
      return answer.status;
    },
    stop: server.stop,
  };
}

/** @param message its `SignatureVersion` says by which algorithm */
export function signatureOf(message: Fields): string {
  const text = signedFields
    .filter(
      (name) => message[name] !== undefined && !(name === 'Subject' && message['Type'] !== 'Notification'),
    )
    .map((name) => `${name}\n${message[name]}\n`)
    .join('');
  const algorithm = message['SignatureVersion'] === '1' ? 'RSA-SHA1' : 'RSA-SHA256';
  return createSign(algorithm).update(text).sign(snsKey, 'base64');
}

/** Of the tests only: nobody else trusts it. */
export const snsCertificate = `-----BEGIN CERTIFICATE-----
MIIDGTCCAgGgAwIBAgIUakwDwubsWWvxsluiQJN1Jd8QId8wDQYJKoZIhvcNAQEL
BQAwGzEZMBcGA1UEAwwQc25zLmV4YW1wbGUudGVzdDAgFw0yNjExMjcxNjA4MzRa
GA8yMTI2MTEwMzE2MDgzNFowGzEZMBcGA1UEAwwQc25zLmV4YW1wbGUudGVzdDCC
ASIwDQYJKoZIhvcNAQEBBQADggEPADCCAQoCggEBAM3uxJq4uPm8VZg0qEiE7bGC
A9OTsGgKCdFnXjt1Jg9kZy95QMOXNPJEXuuEmdO+fbe1CVZ2/bC+cto/SagF86sV
WDRIktCYluLs9Js3LINAip29bonhnJrhtFDpoh7a1m2LH4Lisfn/3SRyZEGa7Jqe
+utCHg1/anmE0UL0Z36Qxd2TAXGgSQGfgxySRdih1y2R0hRFb3oFUp1PcuGoI7dI
vXEHLfavRK1Nvg8LoZ21nmX5kyUDOw8TVyZjUuVkUGiu/Hklh0N8iCHOAecUDchp
ixd2srvvga5EQ+lhNtZPR1b8u5FN6BYvPW2Mqrv7ja5OC1t2OFmBA7V/Jvjhs8cC
AwEAAaNTMFEwHQYDVR0OBBYEFIx3237iauLA8+aBdLWOSOWiE7RnMB8GA1UdIwQY
MBaAFIx3237iauLA8+aBdLWOSOWiE7RnMA8GA1UdEwEB/wQFMAMBAf8wDQYJKoZI
hvcNAQELBQADggEBAAMkBDl/qV9ZgqHZRcvNIjCu6cJ/6XV6kzow/26TBCeElCvP
ae4uxLyIf2yWqyVbJcUYgotIY41D8VhxIDfTb4PFIdWRInDV4S+mOa+Bkdu8RKEq
4mLQ4/niy1M9OZTV0DV8MBPtLdQdcOUQgTk9fn+GTDvW353jpaDJ9OUSPk4GKvQU
QMJRJCTYbGPoINEidMwyxbG6T4v56CXRSkJzJ1TyGRlo5+IEwQ0guqLf+c1Ayt3R
kXcxDrP2PO7IQ3KHbCQjBzZnlp9mcogubCitTL/W1R9bI2WCJVS+DISutR/Sr1ET
0mf+HlA1sxhkgf8LbwQ1Q/Lfgu0mLybI8QA4MhE=
-----END CERTIFICATE-----
`;

const snsKey = `-----BEGIN PRIVATE KEY-----
MIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEAAoIBAQDN7sSauLj5vFWY
NKhIhO2xggPTk7BoCgnRZ147dSYPZGcveUDDlzTyRF7rhJnTvn23tQlWdv2wvnLa
P0moBfOrFVg0SJLQmJbi7PSbNyyDQIqdvW6J4Zya4bRQ6aIe2tZtix+C4rH5/90k
cmRBmuyanvrrQh4Nf2p5hNFC9Gd+kMXdkwFxoEkBn4MckkXYodctkdIURW96BVKd
T3LhqCO3SL1xBy32r0StTb4PC6GdtZ5l+ZMlAzsPE1cmY1LlZFBorvx5JYdDfIgh
zgHnFA3IaYsXdrK774GuREPpYTbWT0dW/LuRTegWLz1tjKq7+42uTgtbdjhZgQO1
fyb44bPHAgMBAAECggEADpTgDfaTfndz9h2QZuYmsIF8xN/5xzwiutWfagVfBwr8
dXOX/uF3icoGkJWokMI1w6rJePpe90Nc/ZAqpn+ZY91UjAsxfhy33mSZ412yRK7u
wcGWkKPNg3gE3Q/V/2pOcZ4+wnVL1eBkp76D09Nk+oPUT5E0cI87mlQpvxxwMZlt
Bed+6Fsc4zHnFW5woFtNs5kUfhhGKsWszauxZMvzlOhzX9CVyK5Np/uj4m0gAcOd
UgurZk7i0HzW/Zs83IlYMxCZ2N+UxgC6nW7UKNBkZyvwq5EO3fHYg7Zsm6/PaibW
AkRjzDjKpzHysdWJX0Pe6lyUsPSFsuh/kTDa081mGQKBgQD9BEpfdAwf6hkKodAN
KzySf5PNayM67lOdG7fPMV0rxlNKfozKNNPpvMHEFh2EL55feuKo1cTIjkCnwmvL
qE2slro9uDRxLQLeC7MoBkPfz79wC2fJuKHfM5LbMBtYMxHUe9pjHe8Kt8MOPVEc
kI2XNqdkIpvzVjY1Pj0n+c4uqQKBgQDQXFu0ArVGSRqa1G4zHeJFtKbgtceUczV/
XmyF9FlmuSf3RuKQ7IX3bl16eqBATSZUQkfZ1/VRPqt9lAEZ91/OI0hMssul0cPp
drRYwNBVRiB5WpM7C5gVhpWypALBCv6Mzl5kAHtBOIuUg35gzmC9jOPpo/lf/jvN
dmEi9M2E7wKBgQD5HhNYPnt9pNG5HS8q+Cowl/pf5CAQ8v1SkCr/jrwM0L3LeCSJ
J1CLL/WcaqXvM698lRK8Z5XUXfOc+ZmHMRQhXVrMUCUaVdYf6GcifmCv6e20lRZA
kFCY4j+zHn+d7NKeYr/YnW1yIRKlX4wQUueGPiK8PjNMeNLww3IVfSkb2QKBgGPC
dJ2hVk2KntRWtVSAEGAzeFrKbf4jkw+ik+8m6M8IA5yfMccVl6a6DsOfhq6CwcFB
4sjoXypBCTac8FIQYKx/tBQU3vBLmLNlBEAiQR0y8EVqGmgAyxYzU+UuJatrqiic
fhD/MgQuIJZAxvdumF7o4A5zVeih/twGu8dS0ju9AoGADAs9BDU5+ortt4M/SX9b
+1KNi4UKAo3zgvofs2DiDT2JKAwhOqrMygpkNGNzblO+RaxllXfTSmmUtd/X1IbU
g+6HvIDgUECZJNt3Bd0qB1l10vx5WzugzHLiGligvQdt+bhzCAnhi33WG8QZtJ9E
xgsgmhVm1LUIvNQc+S2Xou0=
-----END PRIVATE KEY-----
`;
