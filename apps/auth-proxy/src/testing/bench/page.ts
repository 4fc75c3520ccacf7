import { setTimeout as sleep } from 'node:timers/promises'
import { bridgeToSocket, figure, launchChromium, startMlflow } from '@soen/testbed'
import type { Figure } from '@soen/testbed'
import type { Browser, BrowserContext } from 'playwright-core'
import { serveDoor } from './door.ts'

interface PageLoads {
  readonly firstBytes: number
  readonly reloadBytes: number
}

/** The page counts as loaded when nothing arrived for so long. */
const quietMs = 2000

/**
 * How much a browser receives when it opens MLflow's page and then reloads it, from the front door and from MLflow
 * itself.
 */
export async function measurePage(): Promise<Figure[]> {
  await using mlflow = await startMlflow({ workers: 2 })
  await using door = await serveDoor(mlflow.socketPath)
  await using bridge = await bridgeToSocket(mlflow.socketPath)
  const browser = await launchChromium()
  try {
    const ours = await loadTwice(browser, door.url, { authorization: door.byPassword })
    const own = await loadTwice(browser, bridge.url, {})
    return [
      figure({
        name: "MLflow's page, first load",
        unit: 'kB',
        value: ours.firstBytes / 1e3,
        peer: {
          name: 'MLflow itself',
          value: own.firstBytes / 1e3,
        },
        goal: {
          of: 'ratio',
          atMost: 0.35,
        },
      }),
      figure({
        name: "MLflow's page, reload",
        unit: 'kB',
        value: ours.reloadBytes / 1e3,
        peer: {
          name: 'MLflow itself',
          value: own.reloadBytes / 1e3,
        },
        goal: {
          of: 'value',
          atMost: 50,
        },
      }),
    ]
  } finally {
    await browser.close()
  }
}

async function loadTwice(
  browser: Browser,
  url: string,
  extraHTTPHeaders: Record<string, string>,
): Promise<PageLoads> {
  const context = await browser.newContext({ extraHTTPHeaders })
  const page = await context.newPage()
  const bytes = await countBytes(context, page)
  const settle = async (): Promise<number> => {
    await page.getByText('Experiments').first().waitFor({ timeout: 60_000 })
    for (let before = -1; before !== bytes(); await sleep(quietMs)) before = bytes()
    return bytes()
  }
  await page.goto(`${url}/#/experiments`)
  const firstBytes = await settle()
  await page.reload()
  const reloadBytes = (await settle()) - firstBytes
  await context.close()
  return { firstBytes, reloadBytes }
}

/** Counts bytes on the wire, headers included. */
async function countBytes(
  context: BrowserContext,
  page: Parameters<BrowserContext['newCDPSession']>[0],
): Promise<() => number> {
  const session = await context.newCDPSession(page)
  let bytes = 0
  session.on('Network.loadingFinished', ({ encodedDataLength }) => {
    bytes += encodedDataLength
  })
  await session.send('Network.enable')
  return () => bytes
}
