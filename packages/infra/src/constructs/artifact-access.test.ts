import { expect, test } from 'vitest'
import { artifactAccess } from './artifact-access.ts'

const arn = 'arn:aws:s3:::soen-team-artifacts'
const statements = artifactAccess(arn)

test('no action is a wildcard', () => {
  const actions = statements.flatMap((statement) => statement.actions)
  expect(actions).not.toEqual([])
  expect(actions.filter((action) => action.includes('*'))).toEqual([])
})

test('objects can be used below artifacts/ only', () => {
  const objects = statements.find(({ sid }) => sid === 'UseArtifacts')
  expect(objects?.resources).toEqual([`${arn}/artifacts/*`])
  expect(objects?.actions.toSorted()).toEqual([
    's3:AbortMultipartUpload',
    's3:DeleteObject',
    's3:GetObject',
    's3:ListMultipartUploadParts',
    's3:PutObject',
  ])
})

test('the listing shows artifacts/ only', () => {
  const listing = statements.find(({ sid }) => sid === 'ListArtifacts')
  expect(listing?.toStatementJson()).toEqual({
    Sid: 'ListArtifacts',
    Effect: 'Allow',
    Action: 's3:ListBucket',
    Resource: arn,
    Condition: { StringLike: { 's3:prefix': 'artifacts/*' } },
  })
})

test('old versions, policies and the bucket itself stay out of reach', () => {
  const actions = statements.flatMap((statement) => statement.actions)
  expect(actions.filter((action) => /Version|Policy|DeleteBucket|Acl|PutBucket/.test(action))).toEqual([])
})
