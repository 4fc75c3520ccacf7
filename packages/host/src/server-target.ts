import type { AwsTarget, SshTarget } from '@soen/settings'

/** A target that is a server: a machine of its own. */
export type ServerTarget = AwsTarget | SshTarget
