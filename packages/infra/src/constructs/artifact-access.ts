import { PolicyStatement } from 'aws-cdk-lib/aws-iam'

/** Folder of the bucket that MLflow may use; the rest of the bucket is not its business. */
export const artifactsPrefix = 'artifacts/'

/**
 * What MLflow needs to serve artifacts, and nothing more: objects below `artifacts/`, and the
 * listing of that folder.
 */
export function artifactAccess(bucketArn: string): readonly PolicyStatement[] {
  return [
    new PolicyStatement({
      sid: 'UseArtifacts',
      actions: [
        's3:GetObject',
        's3:PutObject',
        's3:DeleteObject',
        // Checkpoints of many gigabytes go up in parts, which the client can take back.
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
