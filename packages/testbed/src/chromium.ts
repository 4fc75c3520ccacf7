import { access } from 'node:fs/promises'
import { chromium, type Browser } from 'playwright-core'
import { TestbedError } from './errors.ts'

const candidates = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome']

/**
 * Starts the system's Chromium, headless.
 *
 * @throws TestbedError that names the system package where it is missing
 */
export async function launchChromium(): Promise<Browser> {
  const executablePath = await firstThatExists([process.env['SOEN_CHROMIUM'] ?? '', ...candidates])
  return chromium.launch({
    executablePath,
    args: [
      // Chromium's sandbox does not work as root, which CI machines run as.
      ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  })
}

async function firstThatExists(paths: readonly string[]): Promise<string> {
  for (const path of paths.filter(Boolean)) {
    try {
      await access(path)
      return path
    } catch {
      // The next one may exist.
    }
  }
  throw new TestbedError('The system package chromium is missing: run scripts/install-test-packages.sh')
}
