import { Duration, RemovalPolicy } from 'aws-cdk-lib'
import {
  BlockPublicAccess,
  Bucket,
  BucketEncryption,
  ObjectOwnership,
  StorageClass,
} from 'aws-cdk-lib/aws-s3'
import { Construct } from 'constructs'
import { artifactsPrefix } from './artifact-access.ts'

/** Options of the bucket. */
export interface ArtifactBucketProps {
  /** Name of the bucket; by default CloudFormation generates one. */
  readonly bucketName?: string | undefined
}

/**
 * The bucket with a team's artifacts: private, encrypted, accessible by TLS only, and kept when its stack is
 * deleted. What is deleted or overwritten can be restored for 30 days.
 */
export class ArtifactBucket extends Construct {
  /** The bucket itself, for further grants and settings. */
  readonly bucket: Bucket

  constructor(scope: Construct, id: string, { bucketName }: ArtifactBucketProps = {}) {
    super(scope, id)
    this.bucket = new Bucket(this, 'Bucket', {
      ...(bucketName === undefined ? {} : { bucketName }),
      blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
      objectOwnership: ObjectOwnership.BUCKET_OWNER_ENFORCED,
      encryption: BucketEncryption.S3_MANAGED,
      enforceSSL: true,
      minimumTLSVersion: 1.2,
      versioned: true,
      removalPolicy: RemovalPolicy.RETAIN,
      lifecycleRules: [
        {
          id: 'forget-what-was-deleted',
          noncurrentVersionExpiration: Duration.days(30),
          expiredObjectDeleteMarker: true,
        },
        // Parts of unfinished uploads do not show in listings, but are billed.
        { id: 'drop-unfinished-uploads', abortIncompleteMultipartUploadAfter: Duration.days(7) },
        {
          id: 'let-old-artifacts-cool',
          prefix: artifactsPrefix,
          transitions: [
            { storageClass: StorageClass.INTELLIGENT_TIERING, transitionAfter: Duration.days(30) },
          ],
        },
      ],
    })
  }
}
