import { execFile } from 'node:child_process'
import { mkdirSync, readdirSync, readFileSync, truncateSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { mlflowProgram } from '@soen/mlflow-server'
import { startPostgres, temporaryFolder } from '@soen/testbed'
import { expect, inject, test } from 'vitest'
import { soen, startSoen, type RunningSoen } from '../testing/running-soen.ts'
import { homeAt } from './home.ts'

const run = promisify(execFile)
const python = (...args: readonly string[]) =>
  run(inject('mlflow').python, args, { env: { PATH: process.env['PATH'] } })

/** The last migration of MLflow 2.9.2. */
const oldRevision = 'acf3f17fdcc7'
const makeOld = (url: string) =>
  python(fileURLToPath(new URL('../testing/old_database.py', import.meta.url)), url, oldRevision)

const keptExperiment =
  "INSERT INTO experiments(experiment_id, name, artifact_location, lifecycle_stage) VALUES (7, 'kept', 'mlflow-artifacts:/7', 'active')"

/** A home with an existing database. */
function homeWith(folder: { readonly path: string }) {
  const home = homeAt(join(folder.path, '.soen'))
  mkdirSync(dirname(home.database), { recursive: true })
  return home
}

function change(path: string, sql: string): void {
  using database = new DatabaseSync(path)
  database.exec(sql)
}

function revisionOf(path: string): unknown {
  using database = new DatabaseSync(path)
  return database.prepare('SELECT version_num FROM alembic_version').get()?.['version_num']
}

async function call(platform: RunningSoen, path: string, body?: object, password = platform.adminPassword) {
  const answer = await fetch(`${platform.url}/api/2.0/mlflow/${path}`, {
    method: body === undefined ? 'GET' : 'POST',
    headers: {
      authorization: `Basic ${Buffer.from(`admin:${password}`).toString('base64')}`,
      'content-type': 'application/json',
    },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  })
  return { status: answer.status, body: Object(await answer.json()) }
}

test('starts again after its default experiment was emptied from the trash and another took the name', async () => {
  using folder = temporaryFolder('default')
  const { path, database, artifacts } = homeAt(join(folder.path, '.soen'))
  let password: string
  {
    await using first = await startSoen({ home: path })
    password = first.adminPassword
    const made = await call(first, 'runs/create', { experiment_id: '0' })
    const artifact = `${first.url}/api/2.0/mlflow-artifacts/artifacts/0/${made.body.run.info.run_id}/artifacts/a.txt`
    const headers = { authorization: `Basic ${Buffer.from(`admin:${password}`).toString('base64')}` }
    expect((await fetch(artifact, { method: 'PUT', body: 'a', headers })).status).toBe(200)
    expect((await call(first, 'experiments/delete', { experiment_id: '0' })).status).toBe(200)
    await run(
      inject('mlflow').python,
      [
        '-m',
        'mlflow',
        'gc',
        `--backend-store-uri=sqlite:///${database}`,
        `--artifacts-destination=${artifacts}`,
        `--tracking-uri=${first.url}`,
      ],
      {
        env: {
          PATH: process.env['PATH'],
          MLFLOW_TRACKING_USERNAME: 'admin',
          MLFLOW_TRACKING_PASSWORD: password,
        },
      },
    )
    expect(
      readdirSync(artifacts, { recursive: true }).filter((name) => String(name).endsWith('a.txt')),
    ).toEqual([])
    expect((await call(first, 'experiments/get?experiment_id=0')).status).toBe(404)
    expect((await call(first, 'experiments/create', { name: 'Default' })).status).toBe(200)
  }
  await using again = await startSoen({ home: path })
  const { body } = await call(again, 'experiments/search', { max_results: 10 }, password)
  const names = body.experiments.map((it: { experiment_id: string; name: string }) => [
    it.experiment_id,
    it.name,
  ])
  expect(Object.fromEntries(names)).toEqual({ 0: 'Default (0)', 1: 'Default' })
})

test('migrates the database of an older MLflow, keeps it as it was, and says where', async () => {
  using folder = temporaryFolder('older')
  const home = homeWith(folder)
  await makeOld(`sqlite:///${home.database}`)
  change(home.database, keptExperiment)
  await using platform = await startSoen({ home: home.path })
  const kept = `${home.database}.before-${oldRevision}`
  expect(platform.stderr()).toContain(kept)
  expect(revisionOf(kept)).toBe(oldRevision)
  expect((await call(platform, 'experiments/get?experiment_id=7')).body.experiment.name).toBe('kept')
})

test('begins anew after a first start that was killed among the migrations', async () => {
  using folder = temporaryFolder('unfinished')
  const home = homeWith(folder)
  await makeOld(`sqlite:///${home.database}`)
  // What SQLite keeps of an interrupted migration: the table, but not its record.
  change(home.database, 'CREATE TABLE trace_info (request_id VARCHAR(50))')
  await using platform = await startSoen({ home: home.path })
  expect((await call(platform, 'experiments/get?experiment_id=0')).status).toBe(200)
  expect(platform.stderr()).toContain(`${home.database}.unfinished`)
})

const unfit: readonly (readonly [string, string, (path: string) => void])[] = [
  [
    'that a newer MLflow migrated',
    'SOEN_DATABASE_NEWER',
    (path) => change(path, "UPDATE alembic_version SET version_num = 'ffffffffffff'"),
  ],
  ['that lost its end', 'SOEN_DATABASE_DAMAGED', (path) => truncateSync(path, 20_000)],
  ['that is none', 'SOEN_DATABASE_DAMAGED', (path) => writeFileSync(path, 'x'.repeat(5000))],
  [
    'whose migration was cut off when it held runs',
    'SOEN_DATABASE_DAMAGED',
    (path) =>
      change(
        path,
        `CREATE TABLE trace_info (request_id VARCHAR(50));
         ${keptExperiment}`,
      ),
  ],
]

test.each(unfit)('names a database %s, and leaves it as it is', async (_what, code, spoil) => {
  using folder = temporaryFolder('unfit')
  const { database } = homeWith(folder)
  await makeOld(`sqlite:///${database}`)
  spoil(database)
  const before = readFileSync(database)
  const started = run(inject('mlflow').python, [mlflowProgram, 'server'], {
    env: { PATH: process.env['PATH'], MLFLOW_BACKEND_STORE_URI: `sqlite:///${database}` },
  })
  await expect(started).rejects.toMatchObject({
    code: 1,
    stderr: expect.stringMatching(new RegExp(`^${code}: `, 'm')),
  })
  expect(readFileSync(database).equals(before)).toBe(true)
})

test('says what to do with a database that can not be used, in the words of the terminal', () => {
  using folder = temporaryFolder('unfit')
  const home = homeWith(folder)
  writeFileSync(home.database, 'x'.repeat(5000))
  const { status, stderr } = soen(['up', '--home', home.path, '--port', '0'])
  expect(status).toBe(1)
  expect(stderr).toContain(`${home.database} is no whole SQLite database`)
  expect(stderr).toMatch(/\(SOEN_DATABASE_DAMAGED\)\n {2}→ Put a copy of it in its place/)
})

test('migrates a PostgreSQL of an older MLflow only when told that it was copied', async () => {
  await using postgres = await startPostgres()
  using folder = temporaryFolder('older')
  const url = await postgres.createDatabase('mlflow')
  await makeOld(url.replace(/^postgresql:/, 'postgresql+psycopg2:'))
  const home = join(folder.path, '.soen')
  const refused = soen(['up', '--home', home, '--port', '0', '--postgres', url])
  expect(refused.stderr).toContain('(SOEN_DATABASE_OLDER)')
  await using platform = await startSoen({ home, args: ['--postgres', url, '--migrate-database'] })
  expect(platform.stderr()).toContain('was migrated.')
})
