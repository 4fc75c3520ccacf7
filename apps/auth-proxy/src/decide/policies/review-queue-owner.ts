import { isAtLeast } from '../least-role.ts'
import { isSet } from '../policy.ts'
import type { Policy } from '../policy.ts'

/** The call that gets a queue also creates it, with its user as a reviewer. */
export const reviewQueueOwner: Policy = {
  name: 'owner of a review queue',
  routes: new Set(['POST {api}/3.0/mlflow/review-queues/get-or-create-user']),
  code: 'SOEN_REVIEW_QUEUE_OF_OTHERS',
  reason: 'Whoever may only read has a review queue under the own name alone.',
  isBroken: ({ name, role }, { user, created_by: maker }) =>
    !isAtLeast(role, 'member') && [user, maker].some((named) => isSet(named) && named !== name),
}
