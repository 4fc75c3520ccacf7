import type { Check } from './check.ts'
import { artifactLocation } from './policies/artifact-location.ts'
import { modelSource } from './policies/model-source.ts'
import { placeTagsOfTraces } from './policies/place-tags.ts'
import { reviewQueueOwner } from './policies/review-queue-owner.ts'
import { ownerTagPolicy } from './policies/owner-tag.ts'
import { uploadName } from './policies/upload-name.ts'
import type { Policy } from './policy.ts'

/** Restrictions on bodies. Each one stops a way to reach files of the server, or to write in somebody else's name. */
export const policies: readonly Policy[] = [
  artifactLocation,
  placeTagsOfTraces,
  modelSource,
  uploadName,
  ownerTagPolicy,
  reviewQueueOwner,
]

/** Applies the policies of this route to the body. */
export const policyCheck: Check = {
  needs: 'call',
  refusal(user, { route: { name }, body = {}, params = {} }) {
    const broken = policies.find((policy) => policy.routes.has(name) && policy.isBroken(user, body, params))
    if (broken === undefined) return undefined
    return { allowed: false, rule: `${name} (${broken.name})`, reason: broken.reason, code: broken.code }
  },
}
