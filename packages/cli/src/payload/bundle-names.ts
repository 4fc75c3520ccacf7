/** The programs that are carried, each packed into one file that needs nothing beside Node. */
export interface Bundles {
  readonly authProxy: string
  readonly host: string
}

/** The names of the packed programs in their folder. */
export const bundleNames: Bundles = { authProxy: 'auth-proxy.mjs', host: 'host.mjs' }
