/** The programs to carry, each packed into one file that needs nothing but Node. */
export interface Bundles {
  readonly authProxy: string
  readonly host: string
}

/** The file names of the packed programs. */
export const bundleNames: Bundles = { authProxy: 'auth-proxy.mjs', host: 'host.mjs' }
