import type { HmacAlgorithm, SignatureEncoding } from './hmac.ts';
import type { TimeUnit } from './signature-time.ts';
import type { KeyForm } from './signing-key.ts';

/** How somebody signs HTTP requests with a shared secret, as data: where everything stands, and what is signed. */
export interface SignatureScheme {
  /** The header that contains the signature. Header names are in lower case throughout. */
  readonly header: string;
  readonly carrier: Carrier;
  /** Where the time stands, by default in Unix seconds; `null` where the scheme has none. */
  readonly timestamp:
    | (({ readonly header: string } | { readonly entry: string }) & { readonly unit?: TimeUnit })
    | null;
  /** The header with the message's id; `null` where the signature covers none. */
  readonly idHeader: string | null;
  /** What is signed: a text with the places `{body}`, `{timestamp}`, `{id}`, `{method}` and `{url}`. */
  readonly signedContent: string;
  readonly algorithm: HmacAlgorithm;
  readonly encoding: SignatureEncoding;
  readonly key: KeyForm;
}

/** How the header's text carries signatures. */
export type Carrier =
  /** One signature, with a fixed text before it: `sha256=<signature>`; or several, if there is a separator. */
  | { readonly kind: 'single'; readonly prefix: string; readonly separator?: string }
  /**
   * Named entries, such as `t=<time>,v1=<signature>` or `v1,<signature> v1,<signature>`. There may be several
   * signatures, and entries of other names, which are for others.
   */
  | {
      readonly kind: 'entries';
      readonly separator: string;
      /** What stands between an entry's name and its value. */
      readonly assignment: string;
      /** The name of the entries that are signatures of this scheme. */
      readonly signature: string;
    };
