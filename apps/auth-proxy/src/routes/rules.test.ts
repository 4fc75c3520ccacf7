import { describe, expect, it } from 'vitest'
import { mlflowMessages } from './generated/mlflow-messages.ts'
import { mlflowRoutes } from './generated/mlflow-routes.ts'
import { parseField } from './field.ts'
import { rules } from './rules.ts'

/** Fields that are called ids and name nothing that a rule could protect by itself. */
const noResources = new Set([
  'assessment_id',
  'client_request_id',
  'config.dataset_id',
  'dataset_record_ids',
  'deployment_job_id',
  'item_id',
  'item_ids',
  'parent_span_id',
  'source_id',
  'span_id',
  'update_schema_ids',
  'upload_id',
  'user_id',
])

/** Every field of a message, and of the messages in it, that is called an id. Spans only repeat their trace's. */
function idFields(message: string, before = '', seen: readonly string[] = []): string[] {
  return (mlflowMessages[message] ?? []).map(parseField).flatMap((field) => {
    const path = before + field.name
    const isId =
      /(?:_ids?|_uuid)$/.test(field.name) && !noResources.has(field.name) && !path.includes('spans.')
    const found = isId ? [path] : []
    if (!('message' in field.type) || seen.includes(field.type.message)) return found
    return found.concat(idFields(field.type.message, `${path}.`, seen.concat(field.type.message)))
  })
}

describe('the rules', () => {
  it('are as many as the routes, and for the same', () => {
    expect(Object.keys(rules).toSorted()).toEqual(Object.keys(mlflowRoutes).toSorted())
  })

  const open = Object.entries(rules).filter(
    ([, { level, feature }]) => level !== 'deny' && feature === undefined,
  )

  it.each(open)('%s names every id that its message carries', (name, rule) => {
    const declared = Object.values(rule.ids ?? {}).flat()
    const message = mlflowRoutes[name]
    expect(declared).toEqual(expect.arrayContaining(typeof message === 'string' ? idFields(message) : []))
  })

  it('know the fields of every body that carries ids', () => {
    const unread = open.filter(
      ([name, { ids, body, fields }]) =>
        ids !== undefined &&
        body === undefined &&
        !name.startsWith('GET ') &&
        typeof mlflowRoutes[name] !== 'string' &&
        fields === undefined,
    )
    expect(unread.map(([name]) => name)).toEqual([])
  })

  it.each(open)('%s names every id in its path', (name, rule) => {
    const declared = Object.values(rule.ids ?? {}).flat()
    const params = [...name.matchAll(/\{(?<name>\w+(?:_id|artifact_path))(?::path)?\}/g)].map(
      ({ groups }) => groups?.['name'],
    )
    expect(declared).toEqual(expect.arrayContaining(params.filter((param) => param !== 'assessment_id')))
  })

  it('let nobody but maintainers delete what is not a tag, an alias or an entry', () => {
    const deletes = open.filter(
      ([name]) => /delete|restore/i.test(name) && !/tag|alias|records|assessments/.test(name),
    )
    expect(deletes.length).toBeGreaterThan(10)
    for (const [name, { level }] of deletes)
      expect([name, level]).toEqual([name, expect.stringMatching(/manage|admin/)])
  })

  it('let viewers change nothing', () => {
    const reads = open.filter(([, { level }]) => ['public', 'auth', 'read', 'scope'].includes(level))
    const changing = reads.filter(([name]) => !name.startsWith('GET ')).map(([name]) => name)
    expect(changing).toEqual([
      // The page counts clicks, which goes nowhere with telemetry off; its queries only read.
      'POST /ajax-api/3.0/mlflow/ui-telemetry',
      'POST /graphql',
      'POST /ajax-api/2.0/mlflow/experiments/search-datasets',
      'POST {api}/2.0/mlflow/experiments/search',
      'POST {api}/2.0/mlflow/artifacts/presigned-download-url',
      'POST {api}/2.0/mlflow/logged-models/search',
      'POST {api}/2.0/mlflow/runs/search',
      'POST {api}/3.0/mlflow/traces/batchGetInfos',
      'POST {api}/3.0/mlflow/traces/calculate-filter-correlation',
      'POST {api}/3.0/mlflow/traces/metrics',
      'POST {api}/3.0/mlflow/traces/search',
      'POST {api}/2.0/mlflow/registered-models/get-latest-versions',
      'POST {api}/3.0/mlflow/datasets/search',
      'POST {api}/3.0/mlflow/issues/search',
      // Opens the caller's own queue.
      'POST {api}/3.0/mlflow/review-queues/get-or-create-user',
    ])
  })
})
