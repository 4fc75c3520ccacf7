import type { AwsTarget, SshTarget } from '@soen/settings'

/** A target that is a server, on a machine of its own. */
export type ServerTarget = AwsTarget | SshTarget
