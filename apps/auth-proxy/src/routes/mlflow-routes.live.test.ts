import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { beforeAll, expect, inject, it } from 'vitest'
import { mlflowEnums, mlflowMessages } from './generated/mlflow-messages.ts'
import { mlflowRoutes } from './generated/mlflow-routes.ts'
import { routeTable } from './route-table.ts'
import type { RouteListing } from './route-table.ts'
import { rules } from './rules.ts'

const run = promisify(execFile)
const lister = fileURLToPath(new URL('../../scripts/list-mlflow-routes.py', import.meta.url))
let installed: ReturnType<typeof routeTable>

beforeAll(async () => {
  const { stdout } = await run(inject('mlflow').python, [lister], { maxBuffer: 16 * 1024 * 1024 })
  const listing: RouteListing = JSON.parse(stdout)
  installed = routeTable(listing)
})

it('has a rule for every route of the installed MLflow', () => {
  expect(Object.keys(installed.routes).filter((name) => !(name in rules))).toEqual([])
})

it('has no rule without a route in the installed MLflow', () => {
  expect(Object.keys(rules).filter((name) => !(name in installed.routes))).toEqual([])
})

it('knows what the installed MLflow reads each request into (else: node scripts/generate-routes.ts PYTHON)', () => {
  expect(installed).toEqual({ routes: mlflowRoutes, messages: mlflowMessages, enums: mlflowEnums })
})
