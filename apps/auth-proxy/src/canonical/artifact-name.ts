import { Refusal } from '../errors/refusals.ts'
import { decodeLikePython, decodeOnce } from './segment.ts'

/** What file systems take: MLflow fails on more, also where it keeps files in a bucket, by way of its own disk. */
const maxNameBytes = 255
const maxDecodings = 3
/** What MLflow takes away wherever it stands, as every reader of addresses does. */
const dropped = /[\t\r\n]/g
/** What it takes away at certain places, and finds another file than was named. */
const lost = /^[ /]|[?#]$|;(?:[?#]|$)/
// oxlint-disable-next-line no-control-regex -- control characters are exactly what is looked for
const neverInName = /[\u0000-\u001f\u007f-\u009f]/
/** Also where a backslash parts folders, as on the machine of somebody who downloads it. */
const leadsUp = /(?:^|[/\\])\.\.(?:[/\\]|$)/

/**
 * The segments of an artifact's name as MLflow finds its file, or undefined where two readers could find two.
 *
 * MLflow decodes a name until nothing changes, drops tabs, and joins the rest to a folder, where `a//b` and `a/./b` are
 * `a/b`: this reading of it is what rules and audit see, and what is sent on.
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

/** Whether a name, already decoded, is spelled as it is read, with or without a closing slash. */
export function isArtifactName(name: string): boolean {
  const spelled = name.replace(/\/$/, '')
  return readArtifactName(encodeURIComponent(spelled))?.join('/') === spelled
}
