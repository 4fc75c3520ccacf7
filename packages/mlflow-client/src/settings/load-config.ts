import { readFile } from 'node:fs/promises'
import { ClientError } from '../errors/client-error.ts'

/** Read a training YAML (or JSON) file. Only this loads the YAML parser. */
export async function loadConfig(path: string): Promise<unknown> {
  let text: string
  try {
    const bytes = await readFile(path)
    text = new TextDecoder(encodingOf(bytes)).decode(bytes)
  } catch (cause) {
    throw new ClientError({
      code: 'SOEN_CONFIG_UNREADABLE',
      message: `The configuration file ${path} cannot be read.`,
      hint: 'Check the path; it is relative to the folder the program was started in.',
      cause,
    })
  }
  const { parseConfigText } = await import('./config-file.ts')
  return parseConfigText(text, path)
}

/** The encoding by its byte order mark, which Windows editors write. */
function encodingOf([first, second]: Uint8Array): string {
  if (first === 0xff && second === 0xfe) return 'utf-16le'
  return first === 0xfe && second === 0xff ? 'utf-16be' : 'utf-8'
}
