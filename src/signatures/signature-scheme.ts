import type { HmacAlgorithm, SignatureEncoding } from './hmac.ts';
import type { TimeUnit } from './signature-time.ts';
import type { KeyForm } from './signing-key.ts';

/** How HTTP requests are signed with a shared secret, as data: the place of each part, and the signed content. */
export interface SignatureScheme {
  /** The header that contains the signature. Header names are in lower case throughout. */
  readonly header: string;
  readonly carrier: Carrier;
  /** The place of the time, in Unix seconds by default; `null` if the scheme has none. */
  readonly timestamp:
    | (({ readonly header: string } | { readonly entry: string }) & { readonly unit?: TimeUnit })
    | null;
  /** The header with the message's id; `null` if the signature does not cover one. */
  readonly idHeader: string | null;
  /**
   * The signed content: a text with the placeholders `{body}`, `{timestamp}`, `{id}`, `{method}`, `{url}`, and
   * `{parameters}`, which are those of a form, sorted by name. Another body has none: the hash of such a body is in the
   * URL, as Twilio does it.
   */
  readonly signedContent: string;
  /** Whether the sender may sign the URL with or without the usual port. */
  readonly urlPort?: 'optional';
  readonly algorithm: HmacAlgorithm;
  readonly encoding: SignatureEncoding;
  readonly key: KeyForm;
}

/** How the header's text carries signatures. */
export type Carrier =
  /** One signature after a fixed prefix: `sha256=<signature>`; or several, if there is a separator. */
  | { readonly kind: 'single'; readonly prefix: string; readonly separator?: string }
  /**
   * Named entries, such as `t=<time>,v1=<signature>` or `v1,<signature> v1,<signature>`. There may be several
   * signatures, and entries with other names, which are ignored.
   */
  | {
      readonly kind: 'entries';
      readonly separator: string;
      /** The text between an entry's name and its value. */
      readonly assignment: string;
      /** The name of entries with a signature of this scheme. */
      readonly signature: string;
    };
