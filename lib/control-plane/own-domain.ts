/** A custom domain name. */
export interface OwnDomain {
  readonly name: string;
  /** ARN of its certificate. CloudFront requires us-east-1, an API its own region. */
  readonly certificateArn: string;
}

/** Combines the two settings of a domain; undefined if they are not given. */
export function ownDomain(
  name: string | undefined,
  certificateArn: string | undefined,
): OwnDomain | undefined {
  return name === undefined || certificateArn === undefined ? undefined : { name, certificateArn };
}
