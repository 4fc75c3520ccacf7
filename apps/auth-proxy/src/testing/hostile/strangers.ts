import { basic, testPassword } from '../auth-proxy.ts'
import { raw } from './hostile-request.ts'
import type { HostileRequest } from './hostile-request.ts'

/** A request without credentials, unless its headers have some. */
const stranger = (name: string, target: string, ...headers: string[]): HostileRequest =>
  raw(name, 401, [`${target} HTTP/1.1`, 'host: localhost', ...headers])

const isRead = (target: string): boolean => /^(?:GET|HEAD) /.test(target)

/** Routes that were open without a login in MLflow or in a proxy before it. */
const onceOpen = [
  ['CVE-2026-0545', 'GET /api/2.0/mlflow/experiments/search'],
  ['CVE-2026-2652', 'POST /v1/traces'],
  ['mlflow-oidc-auth #259', 'POST /api/2.0/mlflow/runs/search'],
  ['mlflow-oidc-auth #259, traces', 'POST /api/3.0/mlflow/traces/search'],
  ['mlflow-oidc-auth #52, a prefix', 'GET /static-files/index.html'],
  ['mlflow-oidc-auth #286, by HEAD', 'HEAD /version'],
  ['GHSA-7rh7-c77v-6434, an open path in the query', 'GET /version?x=/health'],
  ['CVE-2026-41059, an open path behind', 'GET /version?/health'],
  ['the front page', 'GET /'],
  ['GraphQL', 'POST /graphql'],
  ['a file', 'GET /get-artifact?run_id=a&path=b'],
  ['a stored file', 'GET /api/2.0/mlflow-artifacts/artifacts/1/a/artifacts/b'],
  ['an upload', 'PUT /api/2.0/mlflow-artifacts/artifacts/1/a/artifacts/b'],
  ['the server itself', 'GET /api/3.0/mlflow/server-info'],
] as const

/** Headers of proxies and health checks, which authenticate nobody. */
const saidByOthers = [
  'x-forwarded-for: 127.0.0.1',
  'x-real-ip: 127.0.0.1',
  'forwarded: for=127.0.0.1',
  'x-forwarded-host: localhost',
  'x-forwarded-prefix: /health',
  'x-forwarded-uri: /health',
  'x-original-url: /health',
  'x-rewrite-url: /health',
  'x-http-method-override: GET',
  'x-auth-request-user: ada',
  'x-authenticated-user: ada',
  'x-remote-user: ada',
  'x_forwarded_user: ada',
  'x-mlflow-workspace: default',
  'proxy-authorization: Basic YWRhOmE=',
  'user-agent: kube-probe/1.30',
]

/** Credentials that a lenient parser could accept. */
const malformed: readonly (readonly [string, string])[] = [
  ['no word', ''],
  ['a scheme alone', 'Basic'],
  ['an empty one', 'Basic '],
  ['no base64', 'Basic ?????'],
  ['no colon', `Basic ${btoa('ada')}`],
  ['no name', `Basic ${btoa(`:${testPassword}`)}`],
  ['no password', `Basic ${btoa('ada:')}`],
  ['NUL behind the name', `Basic ${btoa(`ada\0:${testPassword}`)}`],
  ['NUL behind the password', `Basic ${btoa(`ada:${testPassword}\0`)}`],
  ['a space before the name', `Basic ${btoa(` ada:${testPassword}`)}`],
  ['a line break in the name', `Basic ${btoa(`ada\r\n:${testPassword}`)}`],
  ['the password of MLflow', `Basic ${btoa('admin:password1234')}`],
  ['the password of the guide', `Basic ${btoa('admin:password')}`],
  ['the name as password', `Basic ${btoa('ada:ada')}`],
  ['half a password', `Basic ${btoa(`ada:${testPassword.slice(0, -1)}`)}`],
  ['other capitals', `Basic ${btoa(`ada:${testPassword.toUpperCase()}`)}`],
  ['a password of a megabyte that is not there', `Basic ${btoa(`ada:${'a'.repeat(4000)}`)}`],
  ['the wildcard', `Basic ${btoa('*:*')}`],
  ['a quote', `Basic ${btoa(`' OR '1'='1:x`)}`],
  ['a name every object has', `Basic ${btoa('__proto__:constructor')}`],
  ['who signs out', `Basic ${btoa('mlflow-logged-out-1:x')}`],
  ['two in one header', `${basic('ada')}, ${basic('bob')}`],
  ['another scheme', 'Negotiate YWRh'],
  ['Digest', 'Digest username="ada"'],
  ['a token of nobody', 'Bearer soen_000000000000_00000000000000000000000000000000000000'],
  ['a token cut short', 'Bearer soen_000000000000'],
  ['no token', 'Bearer '],
  ['a JWT without a signature', `Bearer ${btoa('{"alg":"none"}')}.${btoa('{"sub":"ada"}')}.`],
  ['the name as a token', 'Bearer ada'],
  [
    'a token of nobody as password',
    `Basic ${btoa('ada:soen_000000000000_00000000000000000000000000000000000000')}`,
  ],
]

/** Unauthenticated requests, in all the forms that were let in elsewhere. */
export const strangers: readonly HostileRequest[] = [
  ...onceOpen.map(([name, target]) =>
    stranger(`nobody: ${name}`, target, ...(isRead(target) ? [] : ['content-length: 0'])),
  ),
  ...saidByOthers.map((header) => stranger(`nobody but ${header}`, 'GET /version', header)),
  ...malformed.map(([name, value]) =>
    stranger(`a login with ${name}`, 'GET /version', `authorization: ${value}`),
  ),
]
