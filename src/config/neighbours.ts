import { networkList, textList } from './kinds.ts'
import { defineSection } from './section.ts'

/** Who in the network is believed, and who may be called. */
export const neighbours = defineSection({
  settings: {
    CSO_TRUSTED_PROXIES: networkList.describe(
      'networks of your proxies in CIDR form, separated by comma or space. Only from them are ' +
        '`X-Forwarded-*` believed',
    ),
    CSO_OUTBOUND_NETWORKS: networkList.describe(
      "private networks in which courts' `jwks_uri` may be; other private addresses are never called",
    ),
    CSO_OUTBOUND_LOOPBACK_HOSTS: textList.describe('`host:port` on loopback that may be called ᴾ'),
  },
  wrong: ({ CSO_OUTBOUND_LOOPBACK_HOSTS: hosts }, { isProduction }) => ({
    CSO_OUTBOUND_LOOPBACK_HOSTS:
      isProduction && Array.isArray(hosts) && hosts.length > 0 && 'is refused in production',
  }),
  read: (values) => ({
    trustedProxies: values.CSO_TRUSTED_PROXIES,
    outbound: {
      /** Private networks in which courts run; everything else that is not public is refused. */
      networks: values.CSO_OUTBOUND_NETWORKS,
      /** `host:port` on loopback that may be called (development and conformance only). */
      loopbackHosts: values.CSO_OUTBOUND_LOOPBACK_HOSTS,
    },
  }),
})
