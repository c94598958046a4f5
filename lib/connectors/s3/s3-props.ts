/** What an operator may choose for S3 at deploy time. */
export interface S3Props {
  /**
   * Names of S3 buckets whose objects connectors may read with the role of the deployment.
   *
   * @default []
   */
  readonly s3Buckets?: readonly string[] | undefined;
}
