import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { spawnSync } from 'node:child_process'

/** A registry on loopback with nothing but these tarballs, each under the name of its package. */
export interface TarballRegistry extends AsyncDisposable {
  readonly url: string
}

/** Starts one, for packages that are not in any registry yet. */
export async function startTarballRegistry(tarballs: ReadonlyMap<string, string>): Promise<TarballRegistry> {
  const server = createServer((request, response) => {
    const path = decodeURIComponent(request.url ?? '').slice(1)
    const name = path.replace(/\.tgz$/, '')
    const file = tarballs.get(name)
    if (file === undefined) return void response.writeHead(404).end('{}')
    if (path !== name) return void response.end(readFileSync(file))
    response.setHeader('content-type', 'application/json').end(JSON.stringify(describe(name, file, url)))
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  const address = server.address()
  const url = `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`
  return {
    url,
    async [Symbol.asyncDispose]() {
      server.close()
      server.closeAllConnections()
      await once(server, 'close')
    },
  }
}

/** A registry's description of a package: its only version, with the manifest from the tarball. */
function describe(name: string, file: string, url: string): object {
  const { stdout } = spawnSync('tar', ['-xzOf', file, 'package/package.json'], { encoding: 'utf8' })
  const manifest: { readonly version: string } = JSON.parse(stdout)
  const hash = createHash('sha512').update(readFileSync(file)).digest('base64')
  const dist = { tarball: `${url}/${name}.tgz`, integrity: `sha512-${hash}` }
  return {
    name,
    'dist-tags': { latest: manifest.version },
    versions: { [manifest.version]: { ...manifest, dist } },
  }
}
