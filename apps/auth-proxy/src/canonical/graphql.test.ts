import { describe, expect, it } from 'vitest'
import { readGraphql } from './graphql.ts'
import { parseStrictJson } from './strict-json.ts'
import type { JsonObject } from './strict-json.ts'

const getRun = `query GetRun($data: MlflowGetRunInput!) @component(name: "MLflow.ExperimentRunTracking") {
  mlflowGetRun(input: $data) { run { info { runUuid __typename } modelVersions { name } } __typename }
}`
const read = (body: object): ReturnType<typeof readGraphql> =>
  readGraphql(parseStrictJson(Buffer.from(JSON.stringify(body))))

describe("a query of MLflow's page", () => {
  it('is read as the REST call that asks for the same, and written anew', () => {
    const call = read({ operationName: 'GetRun', query: getRun, variables: { data: { runId: 'a' } } })
    expect(call).toMatchObject({ twin: 'GET {api}/2.0/mlflow/runs/get', input: { run_id: 'a' } })
    expect(call.body).toEqual({
      query: expect.stringMatching(
        /^query GetRun\(\$data: MlflowGetRunInput!\) \{\n {2}mlflowGetRun\(input: \$data\)/,
      ),
      variables: { data: { runId: 'a' } },
    })
  })

  it('keeps numbers as they were sent, and drops what MLflow would not read', () => {
    const query =
      'query S($data: MlflowSearchRunsInput!) { mlflowSearchRuns(input: $data) { runs { info { runId } } } }'
    const { body } = read({
      query,
      variables: { data: { experimentIds: ['1', '2'], maxResults: 5, unknown: 1 } },
      extensions: { persistedQuery: { version: 1 } },
    })
    expect(JSON.parse(JSON.stringify(body['variables']))).toEqual({
      data: { experimentIds: ['1', '2'], maxResults: 5 },
    })
    expect(Object.keys(body)).toEqual(['query', 'variables'])
  })
})

const inner = '{ run { info { runUuid } } }'
const head = 'query GetRun($data: MlflowGetRunInput!)'
const variables: JsonObject = { data: { runId: 'a' } }

describe('a query in which an id could hide', () => {
  it.each([
    ['in a literal', `{ mlflowGetRun(input: {runId: "b"}) ${inner} }`, {}],
    [
      'in a literal beside the variable',
      `${head} { mlflowGetRun(input: {runId: "b", runUuid: $data}) ${inner} }`,
      variables,
    ],
    [
      'in a default',
      `query GetRun($data: MlflowGetRunInput = {runId: "b"}) { mlflowGetRun(input: $data) ${inner} }`,
      variables,
    ],
    ['behind an alias', `${head} { a: mlflowGetRun(input: $data) ${inner} }`, variables],
    [
      'behind an alias within',
      `${head} { mlflowGetRun(input: $data) { a: run { info { runUuid } } } }`,
      variables,
    ],
    [
      'in a second field',
      `${head} { mlflowGetRun(input: $data) ${inner} mlflowGetExperiment(input: {experimentId: "2"}) { __typename } }`,
      variables,
    ],
    [
      'in a second operation',
      `${head} { mlflowGetRun(input: $data) ${inner} } query B { mlflowGetRun(input: {runId: "b"}) ${inner} }`,
      variables,
    ],
    [
      'in a fragment',
      `${head} { ...f } fragment f on Query { mlflowGetRun(input: $data) ${inner} }`,
      variables,
    ],
    [
      'in a fragment in line',
      `${head} { ... on Query { mlflowGetRun(input: {runId: "b"}) ${inner} } }`,
      variables,
    ],
    [
      'in a second variable',
      `query GetRun($data: MlflowGetRunInput!, $b: MlflowGetRunInput) { mlflowGetRun(input: $b) ${inner} }`,
      { data: { runId: 'a' }, b: { runId: 'b' } },
    ],
    [
      'in a variable that is not declared',
      `${head} { mlflowGetRun(input: $data) ${inner} }`,
      { data: { runId: 'a' }, b: { runId: 'b' } },
    ],
    ['in a list', `${head} { mlflowGetRun(input: $data) ${inner} }`, { data: [{ runId: 'a' }] }],
    [
      'in an argument within',
      `${head} { mlflowGetRun(input: $data) { run(id: "b") { info { runUuid } } } }`,
      variables,
    ],
    ['behind a condition', `${head} { mlflowGetRun(input: $data) @include(if: true) ${inner} }`, variables],
    [
      'in two spellings',
      `${head} { mlflowGetRun(input: $data) ${inner} }`,
      { data: { runId: 'a', run_id: 'b' } },
    ],
    [
      'under another name of the operation',
      `${head} { mlflowGetRun(input: $data) ${inner} }`,
      variables,
      'Other',
    ],
  ])('%s, is refused', (_where, query, given, operationName = 'GetRun') => {
    expect(() => read({ query, variables: given, operationName })).toThrow(
      expect.objectContaining({
        code: expect.stringMatching(/^SOEN_(?:GRAPHQL_REFUSED|BODY_NOT_CANONICAL)$/),
      }),
    )
  })

  it.each([
    [
      'a mutation',
      'mutation M($data: MlflowSearchRunsInput!) { mlflowSearchRuns(input: $data) { runs { info { runId } } } }',
    ],
    ['a subscription', `subscription S($data: X!) { mlflowGetRun(input: $data) ${inner} }`],
    [
      'what the page does not ask',
      'query L($data: MlflowListArtifactsInput!) { mlflowListArtifacts(input: $data) { files { path } } }',
    ],
    ['a name every object has', 'query L($data: X!) { constructor(input: $data) { files } }'],
    ['the schema', 'query I($data: X!) { __schema { types { name } } }'],
    ['no query', ''],
    ['a query of any depth', `${head} { mlflowGetRun(input: $data) ${'{ a '.repeat(20)}${'}'.repeat(20)} }`],
    ['a query of any length', `${head} { mlflowGetRun(input: $data) { ${'a '.repeat(3000)} } }`],
    ['no words at all', '{'],
  ])('%s is refused', (_what, query) => {
    expect(() => read({ query, variables: { data: {} } })).toThrow(
      expect.objectContaining({ code: 'SOEN_GRAPHQL_REFUSED' }),
    )
  })

  it.each([[undefined], [null], [7], [['query']]])('%j is no query', (query) => {
    expect(() => read({ query, variables: {} })).toThrow(expect.objectContaining({ status: 403 }))
  })
})
