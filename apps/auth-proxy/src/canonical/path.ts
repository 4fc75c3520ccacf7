import { Refusal } from '../errors/refusals.ts'
import { readArtifactName } from './artifact-name.ts'
import { plainSegment } from './segment.ts'

/** The single reading of a request's target, from which come both what the rules see and what MLflow gets. */
export interface CanonicalTarget {
  /** Decoded, artifact names as far as MLflow decodes them; used by rules and logs. */
  readonly path: string
  /** The same, re-encoded by us for forwarding. */
  readonly forwardedPath: string
  /** As it was sent, without the question mark; `readQuery` parses it once the route is known. */
  readonly rawQuery: string
}

const visibleAscii = /^\/[\u0021-\u007e]*$/
/** Paths that can be read in one way only, as nearly all: no escapes, no empty, dotted or overlong segments. */
const plainPath = /^(?:\/[\w-][\w.-]{0,254})+$/

/** Parses a request target; refuses it when two programs could read it differently. */
export function canonicalTarget(rawTarget: string): CanonicalTarget {
  if (!visibleAscii.test(rawTarget) || rawTarget.includes('#')) throw refused()
  const queryStart = rawTarget.indexOf('?')
  const rawPath = queryStart < 0 ? rawTarget : rawTarget.slice(0, queryStart)
  const rawQuery = queryStart < 0 ? '' : rawTarget.slice(queryStart + 1)
  if (rawPath === '/' || plainPath.test(rawPath)) return { path: rawPath, forwardedPath: rawPath, rawQuery }

  const segments = rawPath.slice(1).split('/')
  // An empty segment anywhere else is refused.
  const isClosed = segments.at(-1) === ''
  if (isClosed) segments.pop()

  const head: string[] = []
  let rest = segments
  while (rest.length > 0 && !isArtifactRoute(head)) {
    head.push(plainSegment(rest[0] ?? '') ?? refuse())
    rest = rest.slice(1)
  }
  const tail = readArtifactName(rest.join('/')) ?? refuse()
  // MLflow distinguishes `jobs/` from `jobs`, but not an artifact from the same with a trailing slash.
  const closing = isClosed && tail.length === 0 ? '/' : ''
  const read = [...head, ...tail]
  const sent = read.map((text) => encodeURIComponent(text))
  return { path: `/${read.join('/')}${closing}`, forwardedPath: `/${sent.join('/')}${closing}`, rawQuery }
}

/** Whether an artifact's name follows these segments, in which nearly every character is allowed. */
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
