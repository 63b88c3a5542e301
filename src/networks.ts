import ipaddr from 'ipaddr.js'

/** Networks in CIDR form, as one that answers whether an address lies inside. */
export type Networks = { has(address: string): boolean }

type Address = ReturnType<typeof ipaddr.process>

/** One request asks for the network of its address in half a dozen places. */
const parsed = new Map<string, Address | undefined>()
const mostParsed = 1000

/** The address as numbers, IPv4 within IPv6 as the IPv4 it is; undefined for anything else. */
function parse(text: string): Address | undefined {
  if (parsed.has(text)) return parsed.get(text)
  const address = parseAnew(text)
  if (parsed.size >= mostParsed) parsed.clear()
  // What is longer than any address is none, and nobody fills the memory with it.
  if (text.length <= 64) parsed.set(text, address)
  return address
}

function parseAnew(text: string): Address | undefined {
  if (!text.includes(':')) {
    // Only the spelling in four decimal numbers: 0177.1 and 2130706433 are addresses to some.
    return ipaddr.IPv4.isValidFourPartDecimal(text) ? ipaddr.IPv4.parse(text) : undefined
  }
  const groups = inGroups(text)
  return ipaddr.IPv6.isValid(groups) ? ipaddr.process(groups) : undefined
}

/** The library takes `::8.8.8.8`, an IPv6 address of no network, for the IPv4 address in it. */
function inGroups(text: string): string {
  return text.replace(/(\d+)\.(\d+)\.(\d+)\.(\d+)(?=%|$)/, (whole) => {
    if (!ipaddr.IPv4.isValidFourPartDecimal(whole)) return whole
    const [a = 0, b = 0, c = 0, d = 0] = ipaddr.IPv4.parse(whole).octets
    return [a * 256 + b, c * 256 + d].map((group) => group.toString(16)).join(':')
  })
}

/** Whether it is a network in CIDR form, for example `10.20.0.0/16`. */
export function isNetwork(text: string): boolean {
  const [address = '', bits = '', ...rest] = text.split('/')
  const kind = parse(address)?.kind()
  // IPv4 within IPv6 is written as IPv4, or the bits would say something else.
  if (!kind || rest.length > 0 || (kind === 'ipv4') === address.includes(':')) return false
  return /^\d{1,3}$/.test(bits) && Number(bits) <= (kind === 'ipv4' ? 32 : 128)
}

export function isAddress(text: string): boolean {
  return parse(text) !== undefined
}

/** @param values networks for which `isNetwork` holds. */
export function networkList(values: readonly string[]): Networks {
  const networks = values.map((value) => {
    const [address, bits] = ipaddr.parseCIDR(value)
    return { address, bits, kind: address.kind() }
  })
  return {
    has(text) {
      const address = networks.length > 0 ? parse(text) : undefined
      if (!address) return false
      const kind = address.kind()
      return networks.some(
        (network) => network.kind === kind && address.match(network.address, network.bits),
      )
    },
  }
}

/** What IANA gives out in IPv6. Everything else is special or not in use. RFC 4291 section 2.4. */
const globalUnicast = ipaddr.parseCIDR('2000::/3')

/**
 * Whether an address is one of the public internet: in none of the special ranges.
 * Source: IANA special-purpose address registries, as `ipaddr.js` knows them.
 */
export function isPublicAddress(text: string): boolean {
  const address = parse(text)
  if (address?.range() !== 'unicast') return false
  return address.kind() === 'ipv4' || address.match(globalUnicast)
}

export function isLoopbackAddress(text: string): boolean {
  return parse(text)?.range() === 'loopback'
}

/**
 * One spelling per address: IPv4 within IPv6 as IPv4, IPv6 in small letters and without a zone.
 * What is no address stays as it is.
 */
export function plainAddress(text: string): string {
  const address = parse(text)
  if (!address) return text
  return address instanceof ipaddr.IPv6
    ? new ipaddr.IPv6(address.parts).toString()
    : address.toString()
}

/**
 * The network that an address is counted in: one household or office has a whole /64 of IPv6.
 * @param bits of the two kinds, for a wider network.
 */
export function networkOf(text: string, bits = { ipv4: 32, ipv6: 64 }): string {
  const address = parse(text)
  if (!address) return text
  const plain = plainAddress(text)
  if (address.kind() === 'ipv4') {
    return bits.ipv4 === 32
      ? plain
      : `${ipaddr.IPv4.networkAddressFromCIDR(`${plain}/${bits.ipv4}`)}/${bits.ipv4}`
  }
  return `${ipaddr.IPv6.networkAddressFromCIDR(`${plain}/${bits.ipv6}`)}/${bits.ipv6}`
}

/** The network that a provider gives out as a whole: what one attacker may hold, or one town. */
export function wideNetworkOf(text: string): string {
  return networkOf(text, { ipv4: 24, ipv6: 48 })
}

/**
 * As much of an address as its person recognises, without saying which machine it was: `203.0.113`,
 * `2001:db8:12`. What is no address stays as it is.
 */
export function coarseNetwork(text: string): string {
  const [network = ''] = wideNetworkOf(text).split('/')
  return network.includes(':') ? network.replace(/:+$/, '') : network.replace(/\.0$/, '')
}

/**
 * The address of an entry of `X-Forwarded-For`; some proxies add the port of the connection, and IPv6
 * then stands in brackets. Undefined for anything else.
 */
export function forwardedAddress(entry: string): string | undefined {
  const [, bracketed, plain] =
    /^\[([^\]]*)\](?::\d{1,5})?$|^(\d+\.\d+\.\d+\.\d+):\d{1,5}$/.exec(entry) ?? []
  const address = bracketed ?? plain ?? entry
  return isAddress(address) ? plainAddress(address) : undefined
}
