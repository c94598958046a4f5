/** The deploy-time settings of S3. */
export interface S3Props {
  /**
   * Names of S3 buckets whose objects connectors may read with the deployment's role.
   *
   * @default []
   */
  readonly s3Buckets?: readonly string[] | undefined;
}
