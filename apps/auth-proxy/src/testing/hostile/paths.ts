import { hostile } from './hostile-request.ts'
import type { HostileRequest } from './hostile-request.ts'

const artifacts = '/api/2.0/mlflow-artifacts/artifacts'
const search = 'api/2.0/mlflow/experiments/search'

/** Paths that one program reads differently from the next. */
const twoReadings = [
  `//${search}`,
  `/${search}//`,
  `/api//2.0/mlflow/experiments/search`,
  `/api/2.0//mlflow/experiments/search`,
  `/./${search}`,
  `/x/../${search}`,
  `/%2e/${search}`,
  `/%2e%2e/${search}`,
  `/x/%2E%2E/${search}`,
  `/.%2e/${search}`,
  `/api%2F2.0%2Fmlflow/experiments/search`,
  `/api%2f2.0/mlflow/experiments/search`,
  `/api%5c2.0/mlflow/experiments/search`,
  `/api\\2.0\\mlflow\\experiments\\search`,
  `/${search};x=1`,
  `/;/${search}`,
  `/${search}%3bx`,
  `/${search}%00`,
  `/${search}%0a`,
  `/${search}%0d%0aX: y`,
  `/${search}%09`,
  `/${search}%7f`,
  `/${search}%c2%85`,
  `/${search}%23`,
  `/${search}%3f`,
  `/${search}%25`,
  `/${search}#/health`,
  `/health#/${search}`,
  `/%zz/${search}`,
  `/%/${search}`,
  `/%c0%ae%c0%ae/${search}`,
  `/%ff/${search}`,
  `/api/2.0/mlflow/runs/\u00fc`,
  `http://localhost/${search}`,
  `https://evil.example/${search}`,
  `/api/2.0/mlflow/logged-models/m-1%2F..%2Fm-2`,
  `/api/3.0/mlflow/traces/tr-1%2ftags`,
  '/static-files/../secret',
  '/static-files/..%2f..%2fetc/passwd',
  '/static-files/%2e%2e/%2e%2e/etc/passwd',
  '/static-files//etc/passwd',
  '/_soen/../api/2.0/mlflow/webhooks',
  '/health/..;/api/2.0/mlflow/webhooks',
]

/** Artifact names that lead out of the store when they are decoded repeatedly, as MLflow does. */
const outOfTheStore = [
  '../../etc/passwd',
  '..%2f..%2fetc/passwd',
  '%2e%2e/%2e%2e/etc',
  '%2e%2e%2f%2e%2e%2fetc',
  '%252e%252e%252fetc',
  '%252E%252E%252F..',
  '%25252e%25252e/etc',
  '..%252f..%252fetc',
  '..%5c..%5cetc',
  '%255c..%255c',
  '/etc/passwd',
  '%2fetc/passwd',
  '%252fetc/passwd',
  ';..%2f..',
  '1/..;/..',
  '1/r/artifacts/%00',
  '1/r/artifacts/a%2500',
  '1/%25252532',
  '1/r/%c0%af',
]

/** Paths: CVE-2023-6831, CVE-2024-1560, CVE-2024-1593, CVE-2026-41059 and their relatives. */
export const hostilePaths: readonly HostileRequest[] = [
  ...twoReadings.map((path) => hostile(`two readings: ${path}`, 400, `GET ${path}`)),
  ...outOfTheStore.flatMap((path) =>
    ['GET', 'DELETE'].map((method) =>
      hostile(`${method} out of the store: ${path}`, 400, `${method} ${artifacts}/${path}`),
    ),
  ),
  ...['presigned', 'mpu/create', 'mpu/complete', 'mpu/abort'].flatMap((route) =>
    ['%252e%252e/etc', '..%2fetc', '/etc'].map((path) =>
      hostile(
        `out of the store by ${route}: ${path}`,
        400,
        `${route === 'presigned' ? 'GET' : 'POST'} /ajax-api/2.0/mlflow-artifacts/${route}/${path}`,
      ),
    ),
  ),
  ...['..', '/tmp/..', '/tmp/', 'a\\..'].map((path) =>
    hostile(
      `an upload in parts named ${path}`,
      400,
      'POST /api/2.0/mlflow-artifacts/mpu/create/1/r/artifacts',
      {
        body: JSON.stringify({ path, num_parts: 2 }),
      },
    ),
  ),
  hostile('the asterisk', 400, 'GET *'),
  hostile('an authority', 405, 'OPTIONS /api/2.0/mlflow/runs/get'),
  hostile('a redirect to another host', 400, 'GET //evil.example/%2f..'),
  hostile('a redirect by a backslash', 400, 'GET /\\evil.example'),
  hostile('a long address', 414, `GET /version?${'a'.repeat(8 * 1024)}`),
]
