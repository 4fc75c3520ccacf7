import { PolicyStatement } from 'aws-cdk-lib/aws-iam'

/** The folder of the bucket that MLflow may use; it has no access to the rest. */
export const artifactsPrefix = 'artifacts/'

/**
 * The permissions that MLflow needs to serve artifacts, and nothing more: objects below `artifacts/`, and listing
 * that folder.
 */
export function artifactAccess(bucketArn: string): readonly PolicyStatement[] {
  return [
    new PolicyStatement({
      sid: 'UseArtifacts',
      actions: [
        's3:GetObject',
        's3:PutObject',
        's3:DeleteObject',
        // Checkpoints of many gigabytes are uploaded in parts, which the client can abort.
        's3:AbortMultipartUpload',
        's3:ListMultipartUploadParts',
      ],
      resources: [`${bucketArn}/${artifactsPrefix}*`],
    }),
    new PolicyStatement({
      sid: 'ListArtifacts',
      actions: ['s3:ListBucket'],
      resources: [bucketArn],
      conditions: { StringLike: { 's3:prefix': `${artifactsPrefix}*` } },
    }),
  ]
}
