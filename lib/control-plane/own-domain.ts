/** A domain name of the operators' own. */
export interface OwnDomain {
  readonly name: string;
  /** ARN of its certificate; CloudFront takes one of us-east-1 only, an API one of its own region. */
  readonly certificateArn: string;
}

/** Settings that go together, as one; none where neither is given. */
export function ownDomain(
  name: string | undefined,
  certificateArn: string | undefined,
): OwnDomain | undefined {
  return name === undefined || certificateArn === undefined ? undefined : { name, certificateArn };
}
