import { basic } from '../auth-proxy.ts'
import { raw } from './hostile-request.ts'
import type { HostileRequest } from './hostile-request.ts'

const login = `authorization: ${basic('ada')}`
const post = (...headers: string[]): readonly string[] => [
  'POST /api/2.0/mlflow/runs/create HTTP/1.1',
  'host: localhost',
  login,
  ...headers,
]
const inside = 'GET /api/2.0/mlflow/webhooks HTTP/1.1\r\nhost: localhost\r\n\r\n'

/** Request smuggling: two programs that disagree about where a body ends. */
export const smuggling: readonly HostileRequest[] = [
  raw('two lengths', 400, post('content-length: 2', 'content-length: 4'), '{}{}'),
  raw('two equal lengths', 400, post('content-length: 2', 'content-length: 2'), '{}'),
  raw('two lengths in one', 400, post('content-length: 2, 4'), '{}{}'),
  raw(
    'length and chunks',
    400,
    post('content-length: 2', 'transfer-encoding: chunked'),
    `0\r\n\r\n${inside}`,
  ),
  raw(
    'chunks and length',
    400,
    post('transfer-encoding: chunked', 'content-length: 5'),
    `0\r\n\r\n${inside}`,
  ),
  raw('a length with a sign', 400, post('content-length: +2'), '{}'),
  raw('a negative length', 400, post('content-length: -1'), '{}'),
  raw('a length in hexadecimal', 400, post('content-length: 0x2'), '{}'),
  raw('a length with a space inside', 400, post('content-length: 1 2'), '{}'),
  raw('a length that is no number', 400, post('content-length: two'), '{}'),
  raw('an encoding nobody knows', 400, post('transfer-encoding: xchunked'), `0\r\n\r\n${inside}`),
  raw('an encoding with a tail', 400, post('transfer-encoding: chunked, identity'), `0\r\n\r\n${inside}`),
  raw('a packed body in chunks', 400, post('transfer-encoding: gzip, chunked'), `0\r\n\r\n${inside}`),
  raw(
    'two encodings',
    400,
    post('transfer-encoding: chunked', 'transfer-encoding: identity'),
    `0\r\n\r\n${inside}`,
  ),
  raw('a space before the colon', 400, post('transfer-encoding : chunked'), `0\r\n\r\n${inside}`),
  raw(
    'a chunk with an extension and a twist',
    400,
    post('transfer-encoding: chunked'),
    `2;x\n{}\r\n${inside}`,
  ),
  raw('a chunk of no size', 400, post('transfer-encoding: chunked'), `\r\n{}\r\n0\r\n\r\n`),
  raw('a chunk with a sign', 400, post('transfer-encoding: chunked'), `+2\r\n{}\r\n0\r\n\r\n`),
  raw('a chunk that runs over', 400, post('transfer-encoding: chunked'), `1\r\n{}\r\n0\r\n\r\n`),
  raw(
    'chunks with GET',
    400,
    ['GET /version HTTP/1.1', 'host: localhost', login, 'transfer-encoding: chunked'],
    `0\r\n\r\n`,
  ),
  raw(
    'a length with GET',
    400,
    ['GET /version HTTP/1.1', 'host: localhost', login, 'content-length: 5'],
    'GET /',
  ),
  raw('a header without a name', 400, post(': x', 'content-length: 0')),
  raw('a header without a colon', 400, post('content-length', 'content-length: 0')),
  raw('a carriage return alone', 400, post('x: a\rtransfer-encoding: chunked', 'content-length: 0')),
  raw('NUL in a header', 400, post('x: a\0b', 'content-length: 0')),
  raw('another protocol', 400, ['GET /version SPDY/1', 'host: localhost', login]),
  raw('another version of the protocol', 400, ['GET /version HTTP/3.0', 'host: localhost', login]),
  raw('no protocol', 400, ['hello']),
  raw('a space in the target', 400, ['GET /version /x HTTP/1.1', 'host: localhost', login]),
  raw('a method in small letters', 400, ['get /version HTTP/1.1', 'host: localhost', login]),
  ...['PROPFIND', 'OPTIONS', 'TRACE', 'SEARCH', 'LOCK', 'PURGE'].map((method) =>
    raw(`the method ${method}`, 405, [`${method} /version HTTP/1.1`, 'host: localhost', login]),
  ),
]
