/** A complete HTTP answer. */
export interface HttpAnswer {
  readonly status: number;
  readonly headers: HttpHeaders;
  readonly body: string;
}

/** By lower-case name. */
export type HttpHeaders = Readonly<Record<string, string>>;
