import { execFile } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { init } from '@soen/mlflow-client'
import { logImage, logTable } from '@soen/mlflow-client/media'
import { registerModel } from '@soen/mlflow-client/models'
import { createReader } from '@soen/mlflow-client/read'
import { launchChromium, temporaryFolder, type TemporaryFolder } from '@soen/testbed'
import { afterAll, beforeAll, expect, inject, test } from 'vitest'
import { soen, startSoen, type RunningSoen } from '../testing/running-soen.ts'

const run = promisify(execFile)
const python = (script: string, env: Record<string, string>, ...args: string[]) =>
  run(inject('mlflow').python, [fileURLToPath(new URL(`../testing/${script}`, import.meta.url)), ...args], {
    env: { PATH: process.env['PATH'], HOME: folder.path, ...env },
  })

let platform: RunningSoen
let folder: TemporaryFolder
beforeAll(async () => {
  folder = temporaryFolder('logging')
  platform = await startSoen()
})
afterAll(async () => {
  await platform[Symbol.asyncDispose]()
  folder[Symbol.dispose]()
})

const asAdmin = () => ({
  MLFLOW_TRACKING_URI: platform.url,
  MLFLOW_TRACKING_USERNAME: 'admin',
  MLFLOW_TRACKING_PASSWORD: platform.adminPassword,
})

const points = 1500
const value = (step: number): number => Math.exp(-step / 300) + Number.EPSILON * step
const special = [Number.NaN, Infinity, -Infinity, -0, 1e-300, 5e-324, Number.MAX_VALUE, 0.1 + 0.2]

/** Logs a run configured by the team's YAML block, like a teammate's training. */
async function logRun() {
  const config = join(folder.path, 'train.yaml')
  const checkpoint = join(folder.path, 'epoch=1 val=0.2.ckpt')
  const bytes = Buffer.from(Array.from({ length: 4096 }, (_, i) => i % 251))
  writeFileSync(checkpoint, bytes)
  writeFileSync(
    config,
    `logging:
  mlflow_active: true
  mlflow_tracking_uri: ${platform.url}
  mlflow_password: ${platform.adminPassword}
`,
  )
  const client = await init({
    config,
    username: 'admin',
    spoolDir: join(folder.path, 'spool'),
    member: 'ada',
  })
  const training = client.startRun({
    experiment: 'read back',
    name: 'value by value',
    params: { lr: 1e-3, model: { depth: 4, name: 'dendrite – größer' } },
    tags: { project: 'soen', note: 'ünïcode 損失' },
    description: '# What was fitted\n\nA **dendrite**.',
  })
  for (let step = 0; step < points; step += 1) training.log({ 'val_loss/total': value(step) }, { step })
  for (const [step, number] of special.entries()) training.log({ special: number }, { step })
  training.artifact(checkpoint, { to: 'checkpoints' })
  const receipt = await training.end()
  await client.close()
  return { training, receipt, bytes }
}

test('the unmodified Python client reads back, value by value, what the SDK logged', async () => {
  const { training, receipt, bytes } = await logRun()
  expect(receipt).toMatchObject({ spooled: 0, dropped: 0, warnings: [] })

  const { stdout } = await python('read_run.py', asAdmin(), training.remote?.runId ?? '')
  const read = JSON.parse(stdout)
  expect(read.status).toBe('FINISHED')
  expect(read.name).toBe('value by value')
  expect(read.experiment).toBe('read back')
  expect(read.params).toEqual({ lr: '0.001', 'model.depth': '4', 'model.name': 'dendrite – größer' })
  expect(read.tags).toMatchObject({
    project: 'soen',
    note: 'ünïcode 損失',
    // The user is the one that the front door authenticated; who trains is the team's own tag.
    'mlflow.user': 'admin',
    'soen.member': 'ada',
    'mlflow.note.content': '# What was fitted\n\nA **dendrite**.',
  })
  // Python prints a float as the shortest text that reads as the same number, as JSON does here.
  const expected = Array.from({ length: points }, (_, step) => [step, String(value(step))])
  expect(
    read.metrics['val_loss_total'].map(([step, text]: [number, string]) => [step, String(Number(text))]),
  ).toEqual(expected)
  const numbers = read.metrics.special.map(([, text]: [number, string]) => fromPython(text))
  // MLflow's SQL stores keep infinity as the largest double, and SQLite negative zero as zero.
  const stored = special.map((it) =>
    Math.abs(it) === Infinity ? Math.sign(it) * Number.MAX_VALUE : it || Math.abs(it),
  )
  expect(numbers).toEqual(stored)
  expect(read.artifacts).toEqual({ 'checkpoints/epoch=1 val=0.2.ckpt': bytes.toString('base64') })
})

function fromPython(text: string): number {
  return text === 'nan' ? Number.NaN : Number(text.replace('inf', 'Infinity'))
}

test('images, tables and models pass the front door, and are read back through it', async () => {
  const client = await init({
    trackingUri: platform.url,
    username: 'admin',
    password: platform.adminPassword,
    spoolDir: join(folder.path, 'spool'),
    experiment: 'with pictures',
  })
  const shown = client.startRun({ name: 'shown' })
  const pixels = { width: 2, height: 2, channels: 1, data: new Uint8Array(4) } as const
  logImage(shown, 'val/a b', pixels, { step: 3 })
  logTable(shown, 'rows.json', [{ prompt: 'größer', score: 0.5 }])
  const weights = join(folder.path, 'weights.bin')
  writeFileSync(weights, 'weights')
  const version = await registerModel(client, shown, {
    name: 'dendrite',
    model: { files: weights },
    aliases: ['champion'],
  })
  expect(version).toEqual({ name: 'dendrite', version: '1' })
  expect(await shown.end()).toMatchObject({ spooled: 0, dropped: 0, warnings: [] })

  const reader = createReader(client)
  const [found] = await Array.fromAsync(reader.search({ filter: "tags.`mlflow.loggedImages` = 'true'" }))
  expect(found?.name).toBe('shown')
  const to = join(folder.path, 'downloaded')
  const written = await reader.download(found?.id ?? '', '', to)
  expect(written.map((path) => path.slice(to.length + 1).replace(/\+timestamp.*\+[^+]{36}/, '…'))).toEqual([
    'images/val~a b+step+3…+compressed.webp',
    'images/val~a b+step+3….png',
    'model/MLmodel',
    'model/weights.bin',
    'rows.json',
  ])
  expect(readFileSync(join(to, 'model/weights.bin'), 'utf8')).toBe('weights')
  await client.close()
})

test('soen sync delivers what a training could not', async () => {
  const spoolDir = join(folder.path, 'left')
  const down = await init({
    trackingUri: platform.url,
    username: 'admin',
    password: 'not yet known',
    spoolDir,
  })
  const left = down.on('warn', () => {}).startRun({ experiment: 'left behind', name: 'offline' })
  for (let step = 0; step < 100; step += 1) left.log({ loss: 1 / (step + 1) }, { step })
  expect(await left.end({ timeoutMs: 1000 })).toMatchObject({ delivered: 0 })
  await down.close({ timeoutMs: 0 })

  const waits = soen(['sync', '--dry-run', '--spool', spoolDir], asAdmin())
  expect(waits.stdout).toMatch(/^offline \(left behind\): \d+ items for http/)
  const synced = soen(['sync', '--json', '--spool', spoolDir], asAdmin())
  expect(synced.status).toBe(0)
  const { runs } = JSON.parse(synced.stdout)
  expect(runs).toMatchObject([{ name: 'offline', outcome: 'delivered' }])
  const read = JSON.parse((await python('read_run.py', asAdmin(), runs[0].runId)).stdout)
  expect(read.metrics.loss).toHaveLength(100)
  expect(read.status).toBe('FINISHED')
  expect(soen(['sync', '--spool', spoolDir], asAdmin()).stdout).toBe('Nothing waits.\n')
})

test('the unmodified Python client logs through the front door with user and password', async () => {
  const { stdout } = await python('log_run.py', asAdmin())
  const logged = JSON.parse(stdout.trim().split('\n').at(-1) ?? '')
  const read = JSON.parse((await python('read_run.py', asAdmin(), logged.run_id)).stdout)
  expect(read).toMatchObject({
    status: 'FINISHED',
    params: { lr: '0.01' },
    metrics: {
      loss: [
        [0, '1.0'],
        [1, '0.5'],
      ],
    },
    artifacts: { 'notes/a b.txt': Buffer.from('from Python').toString('base64') },
  })
})

test("the unmodified Python client is told in MLflow's words that its password is wrong", async () => {
  const wrong = python('log_run.py', { ...asAdmin(), MLFLOW_TRACKING_PASSWORD: 'password1234' })
  await expect(wrong).rejects.toMatchObject({
    stderr: expect.stringContaining('The user name or the password is wrong'),
  })
})

test("a person signs in with a browser and sees the run in MLflow's own page", async () => {
  const { training } = await logRun()
  const browser = await launchChromium()
  try {
    const page = await (await browser.newContext()).newPage()
    const failures: string[] = []
    page.on('response', (response) => {
      // MLflow's page requests its Assistant, a shell on the server, which the front door never allows.
      if (response.url().includes('/mlflow/assistant/')) return
      if (response.status() >= 400)
        failures.push(`${response.status()} ${response.request().method()} ${response.url()}`)
    })
    await page.goto(training.url ?? '')
    await page.getByLabel('User name').fill('admin')
    await page.getByLabel('Password').fill(platform.adminPassword)
    await page.getByRole('button', { name: 'Sign in' }).click()
    await page.getByText('value by value').first().waitFor({ timeout: 60_000 })
    await page.getByText('val_loss_total').first().waitFor()
    await page.getByText('dendrite – größer').first().waitFor()
    expect(failures).toEqual([])

    const stranger = await (await browser.newContext()).newPage()
    await stranger.goto(platform.url)
    expect(new URL(stranger.url()).pathname).toBe('/_soen/sign-in')
  } finally {
    await browser.close()
  }
})
