import { Refusal } from '../errors/refusals.ts'
import { readArtifactName } from './artifact-name.ts'
import { plainSegment } from './segment.ts'

/** The one reading of a request's target: what the rules see and what MLflow gets are made from it. */
export interface CanonicalTarget {
  /** Decoded, names of artifacts as far as MLflow decodes them; rules and logs read this. */
  readonly path: string
  /** The same, re-encoded by us: what is sent on. */
  readonly forwardedPath: string
  /** As it came, without the question mark; `readQuery` reads it once the route is known. */
  readonly rawQuery: string
}

const visibleAscii = /^\/[\u0021-\u007e]*$/
/** Paths of which every reading is the same, as nearly all are: no escape, no empty, dotted or overlong segment. */
const plainPath = /^(?:\/[\w-][\w.-]{0,254})+$/

/** Reads a request target, or refuses it when two programs could read it differently. */
export function canonicalTarget(rawTarget: string): CanonicalTarget {
  if (!visibleAscii.test(rawTarget) || rawTarget.includes('#')) throw refused()
  const queryStart = rawTarget.indexOf('?')
  const rawPath = queryStart < 0 ? rawTarget : rawTarget.slice(0, queryStart)
  const rawQuery = queryStart < 0 ? '' : rawTarget.slice(queryStart + 1)
  if (rawPath === '/' || plainPath.test(rawPath)) return { path: rawPath, forwardedPath: rawPath, rawQuery }

  const segments = rawPath.slice(1).split('/')
  // An empty segment elsewhere is refused.
  const isClosed = segments.at(-1) === ''
  if (isClosed) segments.pop()

  const head: string[] = []
  let rest = segments
  while (rest.length > 0 && !isArtifactRoute(head)) {
    head.push(plainSegment(rest[0] ?? '') ?? refuse())
    rest = rest.slice(1)
  }
  const tail = readArtifactName(rest.join('/')) ?? refuse()
  // MLflow tells `jobs/` from `jobs`, but no file from the same with a closing slash.
  const closing = isClosed && tail.length === 0 ? '/' : ''
  const read = [...head, ...tail]
  const sent = read.map((text) => encodeURIComponent(text))
  return { path: `/${read.join('/')}${closing}`, forwardedPath: `/${sent.join('/')}${closing}`, rawQuery }
}

/** Whether what follows these segments is an artifact's name, in which nearly every character may occur. */
function isArtifactRoute([prefix, version, service, kind, action]: readonly string[]): boolean {
  if (!(prefix === 'api' || prefix === 'ajax-api') || version !== '2.0' || service !== 'mlflow-artifacts') {
    return false
  }
  return kind === 'artifacts' || kind === 'presigned' || (kind === 'mpu' && action !== undefined)
}

function refused(): Refusal {
  return new Refusal('SOEN_PATH_NOT_CANONICAL')
}

function refuse(): never {
  throw refused()
}
