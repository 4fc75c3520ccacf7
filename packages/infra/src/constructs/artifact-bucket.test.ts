import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { App, Stack } from 'aws-cdk-lib'
import { Match, Template } from 'aws-cdk-lib/assertions'
import { expect, onTestFinished, test } from 'vitest'
import { ArtifactBucket } from './artifact-bucket.ts'
import type { ArtifactBucketProps } from './artifact-bucket.ts'

function givenBucket(props?: ArtifactBucketProps): Template {
  const outdir = mkdtempSync(join(tmpdir(), 'soen-synth-'))
  onTestFinished(() => rmSync(outdir, { recursive: true }))
  const stack = new Stack(new App({ analyticsReporting: false, outdir }), 'Test')
  new ArtifactBucket(stack, 'Artifacts', props)
  return Template.fromStack(stack)
}

function thenRule(id: string, rule: Record<string, unknown>): object {
  return {
    LifecycleConfiguration: {
      Rules: Match.arrayWith([Match.objectEquals({ Id: id, Status: 'Enabled', ...rule })]),
    },
  }
}

function deniedWhen(condition: object): object {
  return Match.objectLike({ Effect: 'Deny', Principal: { AWS: '*' }, Action: 's3:*', Condition: condition })
}

test('nothing in the bucket can be made public', () => {
  givenBucket().hasResourceProperties('AWS::S3::Bucket', {
    PublicAccessBlockConfiguration: {
      BlockPublicAcls: true,
      BlockPublicPolicy: true,
      IgnorePublicAcls: true,
      RestrictPublicBuckets: true,
    },
    OwnershipControls: { Rules: [{ ObjectOwnership: 'BucketOwnerEnforced' }] },
  })
})

test('objects are encrypted at rest', () => {
  givenBucket().hasResourceProperties('AWS::S3::Bucket', {
    BucketEncryption: {
      ServerSideEncryptionConfiguration: [{ ServerSideEncryptionByDefault: { SSEAlgorithm: 'AES256' } }],
    },
  })
})

test('requests without TLS are denied to everybody, and so is TLS before 1.2', () => {
  givenBucket().hasResourceProperties('AWS::S3::BucketPolicy', {
    PolicyDocument: {
      Statement: Match.arrayWith([
        deniedWhen({ Bool: { 'aws:SecureTransport': 'false' } }),
        deniedWhen({ NumericLessThan: { 's3:TlsVersion': 1.2 } }),
      ]),
    },
  })
})

test('the bucket policy allows nothing to anybody', () => {
  const policies = Object.values(givenBucket().findResources('AWS::S3::BucketPolicy'))
  const effects = policies.flatMap(({ Properties }) =>
    Properties.PolicyDocument.Statement.map((s: { Effect: string }) => s.Effect),
  )
  expect(new Set(effects)).toEqual(new Set(['Deny']))
})

test('a deleted or overwritten artifact can be brought back for 30 days', () => {
  const template = givenBucket()
  template.hasResourceProperties('AWS::S3::Bucket', { VersioningConfiguration: { Status: 'Enabled' } })
  template.hasResourceProperties(
    'AWS::S3::Bucket',
    thenRule('forget-what-was-deleted', {
      NoncurrentVersionExpiration: { NoncurrentDays: 30 },
      ExpiredObjectDeleteMarker: true,
    }),
  )
})

test('an upload that never ended is dropped after 7 days', () => {
  givenBucket().hasResourceProperties(
    'AWS::S3::Bucket',
    thenRule('drop-unfinished-uploads', { AbortIncompleteMultipartUpload: { DaysAfterInitiation: 7 } }),
  )
})

test('artifacts move to Intelligent-Tiering after 30 days, and nothing else does', () => {
  givenBucket().hasResourceProperties(
    'AWS::S3::Bucket',
    thenRule('let-old-artifacts-cool', {
      Prefix: 'artifacts/',
      Transitions: [{ StorageClass: 'INTELLIGENT_TIERING', TransitionInDays: 30 }],
    }),
  )
})

test('deleting or replacing the stack leaves the artifacts where they are', () => {
  givenBucket().hasResource('AWS::S3::Bucket', { DeletionPolicy: 'Retain', UpdateReplacePolicy: 'Retain' })
})

test('the bucket takes the name it is given', () => {
  givenBucket({ bucketName: 'soen-team-artifacts' }).hasResourceProperties('AWS::S3::Bucket', {
    BucketName: 'soen-team-artifacts',
  })
})

test('without a name CloudFormation makes one up', () => {
  givenBucket().hasResourceProperties('AWS::S3::Bucket', { BucketName: Match.absent() })
})
