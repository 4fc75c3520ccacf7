import { BootstraplessSynthesizer, CfnOutput, Stack } from 'aws-cdk-lib'
import { ManagedPolicy } from 'aws-cdk-lib/aws-iam'
import type { Construct } from 'constructs'
import { artifactAccess, artifactsPrefix } from '../constructs/artifact-access.ts'
import { ArtifactBucket } from '../constructs/artifact-bucket.ts'

/** The account and region of the stack, and its name. */
export interface DataStackProps {
  /** Name of the settings' target; used in the stack's name and tags. */
  readonly target: string
  readonly region: string
  readonly account?: string | undefined
  readonly bucketName?: string | undefined
}

/**
 * What must outlive every server of a target: its artifacts, and the policy with which a server uses them.
 *
 * It has no file assets and looks nothing up, so the account needs no `cdk bootstrap`, and the template can be
 * generated without credentials.
 */
export class DataStack extends Stack {
  /** The bucket with the artifacts. */
  readonly artifacts: ArtifactBucket

  constructor(scope: Construct, { target, region, account, bucketName }: DataStackProps) {
    super(scope, `SoenData-${target}`, {
      description: `Artifacts of the SOEN target ${target}`,
      env: { region, ...(account === undefined ? {} : { account }) },
      // @ts-expect-error -- aws-cdk-lib is not written for exactOptionalPropertyTypes: its class has an optional where its interface has none
      synthesizer: new BootstraplessSynthesizer(),
      terminationProtection: true,
      tags: { 'soen:target': target },
    })

    this.artifacts = new ArtifactBucket(this, 'Artifacts', { bucketName })
    const { bucketArn, bucketName: createdName } = this.artifacts.bucket

    const access = new ManagedPolicy(this, 'ArtifactAccess', {
      description: 'Read, write and list artifacts, and nothing else',
      statements: [...artifactAccess(bucketArn)],
    })

    new CfnOutput(this, 'ArtifactsDestination', {
      description: 'Value of --artifacts-destination',
      value: `s3://${createdName}/${artifactsPrefix.slice(0, -1)}`,
    })
    new CfnOutput(this, 'ArtifactAccessPolicy', {
      description: 'Policy to attach to the role of a server',
      value: access.managedPolicyArn,
    })
  }
}
