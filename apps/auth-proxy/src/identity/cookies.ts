/** Cookies of a signed-in browser. */
export interface SessionCookies {
  readonly session: string
  /** MLflow's page copies this one into the header `X-Soen-Csrf` of its requests. */
  readonly csrf: string
  /** MLflow's page deletes this one when the user signs out there. */
  readonly signedIn: string
}

/** The cookies' names. `__Host-` binds a cookie to this host and to https; loopback without TLS cannot use it. */
export function cookieNames(isSecure: boolean): SessionCookies {
  return {
    session: isSecure ? '__Host-soen' : 'soen',
    csrf: 'mlflow-request-header-X-Soen-Csrf',
    signedIn: 'mlflow_user',
  }
}

/** Reads one cookie. Undefined also when it occurs twice: then somebody else set one of them. */
export function readCookie(header: string | undefined, name: string): string | undefined {
  const values = valuesOf(header, name)
  return values.length === 1 ? values[0] : undefined
}

/** Whether a cookie occurs, once or more often. */
export function hasCookie(header: string | undefined, name: string): boolean {
  return valuesOf(header, name).length > 0
}

function valuesOf(header: string | undefined, name: string): readonly string[] {
  return (header ?? '')
    .split(';')
    .map((pair) => pair.trim())
    .filter((pair) => pair.startsWith(`${name}=`))
    .map((pair) => pair.slice(name.length + 1))
}

/** The `Set-Cookie` headers that sign a browser in. */
export function signInCookies(values: SessionCookies, isSecure: boolean, maxAgeMs: number): string[] {
  const names = cookieNames(isSecure)
  const common = `Path=/; SameSite=Lax; Max-Age=${Math.floor(maxAgeMs / 1000)}${isSecure ? '; Secure' : ''}`
  return [
    `${names.session}=${values.session}; HttpOnly; ${common}`,
    `${names.csrf}=${values.csrf}; ${common}`,
    `${names.signedIn}=${values.signedIn}; ${common}`,
  ]
}

/** The `Set-Cookie` headers that delete those cookies. */
export function signOutCookies(isSecure: boolean): string[] {
  return signInCookies({ session: '', csrf: '', signedIn: '' }, isSecure, 0)
}
