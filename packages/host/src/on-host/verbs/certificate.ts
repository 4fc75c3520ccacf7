import { readCertificate, renewCertificate, type CertificateReport } from '../certificate.ts'
import { changing } from '../changing.ts'
import { deployedTarget } from '../deployed-target.ts'
import type { Changer, Verb } from '../verb.ts'

/** Whether to renew the certificate or only to show it. */
interface CertificateRequest extends Changer {
  readonly isRenewed: boolean
}

/** Shows the certificate that is served, or obtains a new one. */
export const certificate: Verb<CertificateRequest, CertificateReport> = {
  fields: { by: 'string', version: 'string', isRenewed: 'boolean' },
  async run({ by, version, isRenewed }, around) {
    const { machine } = around
    const target = await deployedTarget(machine)
    if (!isRenewed) return readCertificate(machine, target)
    return changing({ verb: 'cert renew', by, version }, around, async () => ({
      value: await renewCertificate(machine, target),
    }))
  },
}
