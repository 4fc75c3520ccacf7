/**
 * Writes the routes of the installed MLflow to `src/routes/generated/`, so that a new version shows as a diff. `node
 * scripts/generate-routes.ts PYTHON`, with a Python that has MLflow.
 */
import { execFileSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { routeTable } from '../src/routes/route-table.ts'
import type { RouteListing } from '../src/routes/route-table.ts'

const python = process.argv[2]
if (python === undefined) {
  process.stderr.write('usage: node scripts/generate-routes.ts PYTHON\n')
  process.exit(2)
}

const lister = fileURLToPath(new URL('list-mlflow-routes.py', import.meta.url))
const listing: RouteListing = JSON.parse(execFileSync(python, [lister], { encoding: 'utf8' }))
const { routes, messages, enums } = routeTable(listing)
const origin = '// Written by scripts/generate-routes.ts from the installed MLflow. Do not edit.\n\n'

write(
  'mlflow-routes.ts',
  '/** Every route of MLflow, and the message its request is read into; null where the handler reads by itself. */\n' +
    `export const mlflowRoutes: Readonly<Record<string, string | null>> = ${JSON.stringify(routes, null, 2)}\n`,
)
write(
  'mlflow-messages.ts',
  '/** The fields of each message: `*` repeats, `:type` is what it holds in place of text, and of `|group` one may be set. */\n' +
    `export const mlflowMessages: Readonly<Record<string, readonly string[]>> = ${JSON.stringify(messages, null, 2)}\n\n` +
    '/** The numbers of each enumeration by name. */\n' +
    `export const mlflowEnums: Readonly<Record<string, Readonly<Record<string, number>>>> = ${JSON.stringify(enums, null, 2)}\n`,
)

function write(file: string, text: string): void {
  writeFileSync(fileURLToPath(new URL(`../src/routes/generated/${file}`, import.meta.url)), origin + text)
}
