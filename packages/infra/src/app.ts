import type { AwsTarget } from '@soen/settings'
import { App } from 'aws-cdk-lib'
import recommendedFlags from 'aws-cdk-lib/recommended-feature-flags.json' with { type: 'json' }
import { DataStack } from './stacks/data-stack.ts'

/** Which target to synthesise, and where the result goes. */
export interface BuildAppOptions {
  /** Name of the target in the settings file. */
  readonly name: string
  readonly target: AwsTarget
  /** Folder for the templates; a temporary one by default. */
  readonly outdir?: string
}

/** The CDK app of one AWS target. `app.synth()` writes its templates; no credentials are needed. */
export function buildApp({ name, target, outdir }: BuildAppOptions): App {
  const app = new App({
    // Without these flags CDK keeps its oldest behaviour. The list belongs to the installed CDK: an upgrade may
    // change templates, which the snapshot test shows.
    context: recommendedFlags,
    analyticsReporting: false,
    ...(outdir === undefined ? {} : { outdir }),
  })
  new DataStack(app, {
    target: name,
    region: target.aws.region,
    account: target.aws.account,
    bucketName: target.artifacts.uri?.slice('s3://'.length),
  })
  return app
}
