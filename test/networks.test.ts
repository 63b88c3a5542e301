import { describe, expect, test } from 'vitest'
import {
  forwardedAddress,
  isNetwork,
  isPublicAddress,
  networkList,
  networkOf,
  plainAddress,
} from '../src/networks.ts'

describe('an address of the public internet', () => {
  test.each(['8.8.8.8', '::ffff:8.8.8.8', '2600::1'])('is %s', (address) => {
    expect(isPublicAddress(address)).toBe(true)
  })

  test.each([
    ...['10.1.2.3', '127.0.0.1', '0.0.0.0', '255.255.255.255', '169.254.169.254', '100.64.0.1'],
    ...['192.0.2.1', '198.18.0.1', '224.0.0.1', '192.88.99.1'],
    // The IPv4 address in these is one that a router on the way might take out.
    ...['::8.8.8.8', '::808:808', '::ffff:10.0.0.1', '64:ff9b::8.8.8.8', '2002:808:808::1'],
    ...['::', '::1', 'fe80::1', 'fe80::1%eth0', 'fec0::1', 'fd00::1', 'ff02::1', '2001:db8::1'],
    ...['4000::1', '5f00::1', '3fff::1', '100::1'],
    ...['', 'localhost', '0177.0.0.1', '2130706433', '127.1', 'fe80::1::2'],
  ])('is not %s', (address) => {
    expect(isPublicAddress(address)).toBe(false)
  })
})

test.each([
  ['192.0.2.7', '192.0.2.7'],
  ['::ffff:192.0.2.7', '192.0.2.7'],
  ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
  ['2001:DB8:1:2::9', '2001:db8:1:2::/64'],
  ['fe80::1%eth0', 'fe80::/64'],
  ['unknown', 'unknown'],
])('%s is counted in %s', (address, network) => {
  expect(networkOf(address)).toBe(network)
})

test('a wider network holds its neighbours too', () => {
  const wider = { ipv4: 24, ipv6: 48 }
  expect(networkOf('192.0.2.7', wider)).toBe('192.0.2.0/24')
  expect(networkOf('2001:db8:1:2::9', wider)).toBe('2001:db8:1::/48')
})

test('a list of networks holds what lies inside, however it is spelled', () => {
  const networks = networkList(['10.0.0.0/8', 'fd00::/8'])
  for (const inside of ['10.9.8.7', '::ffff:10.9.8.7', '::ffff:a09:807', 'fd12::1', 'FD12::1']) {
    expect([inside, networks.has(inside)]).toEqual([inside, true])
  }
  for (const outside of ['11.0.0.1', 'fe80::1', '::10.9.8.7', '', '10.9.8']) {
    expect([outside, networks.has(outside)]).toEqual([outside, false])
  }
})

test.each([
  ['10.0.0.0/8', true],
  ['fd00::/8', true],
  ['10.0.0.0', false],
  ['10.0.0.0/33', false],
  ['fd00::/129', false],
  ['10.1/8', false],
  ['::ffff:10.0.0.0/104', false],
  ['10.0.0.0/8/8', false],
  ['10.0.0.0/x', false],
])('%s is a network in CIDR form: %s', (text, expected) => {
  expect(isNetwork(text)).toBe(expected)
})

test.each([
  ['203.0.113.7', '203.0.113.7'],
  ['203.0.113.7:4711', '203.0.113.7'],
  ['[2001:db8::7]:4711', '2001:db8::7'],
  ['[2001:db8::7]', '2001:db8::7'],
  ['2001:DB8::7', '2001:db8::7'],
  ['::ffff:203.0.113.7', '203.0.113.7'],
  ['unknown', undefined],
  ['_hidden', undefined],
  ['203.0.113.7:', undefined],
  ['[203.0.113.7', undefined],
  ['', undefined],
])('the entry %s of X-Forwarded-For is the address %s', (entry, address) => {
  expect(forwardedAddress(entry)).toBe(address)
})

test('an address has one spelling', () => {
  expect(plainAddress('::ffff:127.0.0.1')).toBe('127.0.0.1')
  expect(plainAddress('2001:0DB8:0:0::0001')).toBe('2001:db8::1')
})
