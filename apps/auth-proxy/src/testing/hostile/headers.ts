import { basic } from '../auth-proxy.ts'
import { hostile, raw } from './hostile-request.ts'
import type { HostileRequest } from './hostile-request.ts'

const login = `authorization: ${basic('ada')}`
const create = 'POST /api/2.0/mlflow/runs/create'
const change = (...headers: string[]): readonly string[] => [
  `${create} HTTP/1.1`,
  'host: localhost',
  login,
  'content-length: 0',
  ...headers,
]

const foreignHosts = [
  'evil.example',
  'localhost.evil.example',
  'evil.example:5000',
  'localhost@evil.example',
  'localhost, evil.example',
  'localhost evil.example',
  '127.0.0.1.evil.example',
  '127.1',
  '2130706433',
  '0.0.0.0',
  '[::ffff:127.0.0.1]',
  '169.254.169.254',
  'localhost:5000:80',
  'localhost/',
  'localhost#',
  '[::1',
  '',
]

const foreignOrigins = [
  'https://evil.example',
  'http://localhost.evil.example',
  'http://localhost:1',
  'http://evil.example/localhost',
  'http://localhost@evil.example',
  'null',
  'file://',
  'not an origin',
  '',
]

/** Headers: DNS rebinding (CVE-2025-14279), foreign pages (CVE-2025-1473), repeated and misspelled headers. */
export const hostileHeaders: readonly HostileRequest[] = [
  ...foreignHosts.map((host) =>
    raw(`the host ${JSON.stringify(host)}`, 403, ['GET / HTTP/1.1', `host: ${host}`, login]),
  ),
  raw('no host', 403, ['GET / HTTP/1.1', login]),
  raw('so many headers that the last are easily missed', 431, [
    'GET /metrics HTTP/1.1',
    'host: localhost',
    ...Array.from({ length: 1100 }, () => 'd:'),
    'x-forwarded-for: 203.0.113.7',
    login,
  ]),
  raw('two hosts', 400, ['GET / HTTP/1.1', 'host: localhost', 'host: evil.example', login]),
  ...foreignOrigins.map((origin) =>
    raw(`a change from ${JSON.stringify(origin)}`, 403, change(`origin: ${origin}`)),
  ),
  ...['cross-site', 'same-site', 'elsewhere'].map((site) =>
    raw(`a change from a page that is ${site}`, 403, change(`sec-fetch-site: ${site}`)),
  ),
  raw('a change from two origins', 400, change('origin: http://localhost', 'origin: https://evil.example')),
  raw('two logins', 400, change(`authorization: ${basic('bob')}`)),
  raw('two types', 400, change('content-type: application/json', 'content-type: text/plain')),
  ...['nonsense', '', 'application/', '/json', 'application/js on', 'application /json', 'a/b/c'].map(
    (contentType) =>
      hostile(
        `a type that is ${JSON.stringify(contentType)}`,
        415,
        'PUT /api/2.0/mlflow-artifacts/artifacts/1/r/f',
        {
          body: 'x',
          contentType,
        },
      ),
  ),
  ...['QUERY /version', 'CONNECT localhost:80', 'CONNECT /version'].map((target) =>
    hostile(`the method of ${target}`, 405, target),
  ),
  hostile('two ranges', 400, 'GET /get-artifact?run_id=a&path=b', {
    headers: ['range: bytes=0-1', 'range: bytes=2-3'],
  }),
  hostile('a space in a name', 400, 'GET /version', { headers: ['x forwarded for: 1'] }),
  hostile('a folded login', 400, 'GET /version', { headers: ['x-a: b', `\tauthorization: ${basic('bob')}`] }),
  hostile('a folded length', 400, 'POST /api/2.0/mlflow/runs/create', {
    headers: ['transfer-encoding:', ' chunked'],
  }),
  hostile('a folded line', 400, 'GET /version', { headers: ['x-a: b', ' c: d'] }),
  hostile('large headers', 431, 'GET /version', { headers: [`x-filler: ${'a'.repeat(17 * 1024)}`] }),
  ...[
    'x-forwarded-user: ada',
    'X_Forwarded_User: ada',
    'x-mlflow-authorization: x',
    'remote-user: ada',
    'x-user: ada',
  ].map((header) => raw(`nobody but ${header}`, 401, ['GET /version HTTP/1.1', 'host: localhost', header])),
  raw('a health checker by its name', 401, [
    'GET /version HTTP/1.1',
    'host: localhost',
    'user-agent: GoogleHC/1.0',
    'x-forwarded-uri: /health',
  ]),
]
