import { Refusal } from '../errors/refusals.ts'
import { decodeLikePython, decodeOnce } from './segment.ts'

/**
 * The limit of file systems: MLflow fails on longer names, even where it stores files in a bucket, because it uses
 * its own disk on the way.
 */
const maxNameBytes = 255
const maxDecodings = 3
/** Characters that MLflow removes anywhere, as URL parsers do. */
const dropped = /[\t\r\n]/g
/** Characters that it removes at certain places, and so finds another file than was named. */
const lost = /^[ /]|[?#]$|;(?:[?#]|$)/
// oxlint-disable-next-line no-control-regex -- control characters are exactly what is looked for
const neverInName = /[\u0000-\u001f\u007f-\u009f]/
/** Also where a backslash separates folders, as on the machine of somebody who downloads the file. */
const leadsUp = /(?:^|[/\\])\.\.(?:[/\\]|$)/

/**
 * The segments of an artifact's name as MLflow finds its file, or undefined where two readers could find two.
 *
 * MLflow decodes a name until nothing changes, drops tabs and line breaks, and joins the rest to a folder, where
 * `a//b` and `a/./b` are `a/b`. Rules and audit see this reading, and it is what is forwarded.
 *
 * @throws Refusal `SOEN_NAME_TOO_LONG`
 */
export function readArtifactName(raw: string): readonly string[] | undefined {
  const name = fixpointOf(raw)
  if (name === undefined || lost.test(name) || neverInName.test(name) || leadsUp.test(name)) return undefined
  const segments = name.split('/').filter((segment) => segment !== '' && segment !== '.')
  if (segments.length === 0 && name !== '') return undefined
  if (segments.some((segment) => Buffer.byteLength(segment) > maxNameBytes)) {
    throw new Refusal('SOEN_NAME_TOO_LONG')
  }
  return segments
}

function fixpointOf(raw: string): string | undefined {
  let text = decodeOnce(raw)?.replaceAll(dropped, '')
  for (let decodings = 1; decodings <= maxDecodings && text !== undefined; decodings += 1) {
    const next = decodeLikePython(text)?.replaceAll(dropped, '')
    if (next === text) return text
    text = next
  }
  return undefined
}

/** Whether a decoded name is in the form in which it is read, with or without a trailing slash. */
export function isArtifactName(name: string): boolean {
  const spelled = name.replace(/\/$/, '')
  return readArtifactName(encodeURIComponent(spelled))?.join('/') === spelled
}
