import { execFile } from 'node:child_process'
import { mkdtempDisposable } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { launchChromium, type SharedMlflow } from '@soen/testbed'
import { afterAll, beforeAll, expect, inject, test } from 'vitest'
import { Client } from '../run/client.ts'
import type { Run } from '../run/run.ts'
import { testSettings } from '../testing/settings.ts'
import { logFigure } from './log-figure.ts'
import { logHistogram } from './log-histogram.ts'
import { logImage, tableImage } from './log-image.ts'
import { logJson } from './log-json.ts'
import { logTable } from './log-table.ts'
import type { Pixels } from './pixels.ts'

const { trackingUri, python }: SharedMlflow = inject('mlflow')
/** A quarter each of red, green, blue and white. */
const quarters = (size: number): Pixels => {
  const colors = [
    [255, 0, 0],
    [0, 255, 0],
    [0, 0, 255],
    [255, 255, 255],
  ]
  const data = Array.from({ length: size * size }, (_, pixel) => {
    const [row, column] = [Math.floor(pixel / size), pixel % size]
    return colors[(row < size / 2 ? 0 : 2) + (column < size / 2 ? 0 : 1)] ?? []
  })
  return { width: size, height: size, channels: 3, data: Uint8Array.from(data.flat()) }
}
const quarterPixels = [255, 0, 0, 255, 0, 255, 0, 255, 0, 0, 255, 255, 255, 255, 255, 255]

let folder: Awaited<ReturnType<typeof mkdtempDisposable>>
beforeAll(async () => {
  folder = await mkdtempDisposable(join(tmpdir(), 'media-live-'))
})
afterAll(async () => {
  await folder[Symbol.asyncDispose]()
})

/** A run with one of each. */
async function logAll(client: Client): Promise<Run> {
  const run = client.startRun({ name: 'with media', experiment: 'media' })
  for (const step of [0, 10, 20]) {
    logImage(run, 'val/quarters', quarters(300 + step), { step })
    logHistogram(
      run,
      'weights',
      Float32Array.from({ length: 500 }, (_, index) => Math.sin(index) * (step + 1)),
      { step },
    )
  }
  logTable(run, 'eval.json', [
    { prompt: 'first', score: 0.5, picture: tableImage(run, quarters(20)) },
    { prompt: 'second, "quoted"', score: NaN, picture: tableImage(run, quarters(30)) },
  ])
  logTable(run, 'eval.json', { prompt: ['third'], score: [1], picture: [tableImage(run, quarters(40))] })
  logJson(run, 'config.json', { model: { depth: 4, name: 'größer' } })
  logFigure(
    run,
    'curve.svg',
    '<svg xmlns="http://www.w3.org/2000/svg" width="120" height="60"><circle cx="30" cy="30" r="20"/></svg>',
  )
  logFigure(run, 'page.html', '<!doctype html><h1>A figure of its own</h1>')
  const receipt = await run.end()
  expect(receipt).toMatchObject({ dropped: 0, spooled: 0, warnings: [] })
  return run
}

async function readByPython(uri: string, run: Run) {
  const script = join(import.meta.dirname, '../testing/read_media.py')
  const env = { PATH: process.env['PATH'], MLFLOW_ALLOW_FILE_STORE: 'true', MLFLOW_DISABLE_TELEMETRY: 'true' }
  const { stdout } = await promisify(execFile)(python, [script, uri, run.remote?.runId ?? ''], {
    env,
    cwd: folder.path,
  })
  return JSON.parse(stdout)
}

const tableAsRead = {
  columns: ['prompt', 'score', 'picture'],
  data: [
    ['first', 0.5, expect.objectContaining({ type: 'image' })],
    ['second, "quoted"', null, expect.objectContaining({ type: 'image' })],
    ['third', 1, expect.objectContaining({ type: 'image' })],
  ],
}

test.each(['server', 'folder'])('Python reads images, tables and JSON back from a %s', async (kind) => {
  const root = join(folder.path, 'mlruns')
  const settings = testSettings(trackingUri, join(folder.path, 'spool'))
  const inFolder = {
    ...settings,
    target: 'file',
    trackingUri: `file://${root}`,
    path: root,
    credentials: undefined,
  } as const
  await using client = new Client(kind === 'server' ? settings : inFolder)
  const run = await logAll(client)
  const read = await readByPython(kind === 'server' ? trackingUri : `file://${root}`, run)
  expect(read.tables).toMatchObject({ 'eval.json': tableAsRead })
  expect(read.dicts).toEqual({ 'config.json': { model: { depth: 4, name: 'größer' } } })
  const quartersRead = read.images.filter(({ path }: { path: string }) => path.includes('val~quarters'))
  expect(quartersRead).toHaveLength(6)
  for (const { path, format, size, pixels } of quartersRead) {
    const step = Number(/\+step\+(\d+)\+/.exec(path)?.[1])
    const isPreview = path.endsWith('.webp')
    expect([format, size]).toEqual(isPreview ? ['WEBP', [256, 256]] : ['PNG', [300 + step, 300 + step]])
    expect(pixels).toEqual(quarterPixels)
  }
})

type Page = Awaited<ReturnType<Awaited<ReturnType<typeof launchChromium>>['newPage']>>

async function waitForImages(page: Page, count: number): Promise<void> {
  const loaded = `[...document.querySelectorAll('img')].filter((image) => image.naturalWidth > 100).length >= ${count}`
  await page.waitForFunction(loaded)
}

test("MLflow's page shows the images as a grid, the table, the figures and the histograms", async () => {
  await using client = new Client(testSettings(trackingUri, join(folder.path, 'spool')))
  const run = await logAll(client)
  const browser = await launchChromium()
  try {
    const page = await browser.newPage({ viewport: { width: 1400, height: 1000 } })
    page.setDefaultTimeout(120_000)
    await page.goto(run.url ?? '')
    await page.getByRole('tab', { name: 'Model metrics' }).click()
    await waitForImages(page, 2)
    const title = page.getByText('val/quarters', { exact: true }).first()
    await title.waitFor()
    expect(await title.isVisible()).toBe(true)
    await page.getByRole('tab', { name: 'Artifacts' }).click()
    await page.getByText('eval.json').click()
    await page.getByText('second, "quoted"').waitFor()
    await page.getByText('curve.svg').click()
    await page.waitForFunction(`document.querySelector('img[alt="curve.svg"]')?.naturalWidth === 120`)
    await page.getByText('page.html').click()
    await page.frameLocator('iframe').getByText('A figure of its own').waitFor()
  } finally {
    await browser.close()
  }
})
