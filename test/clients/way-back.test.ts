import { describe, expect, test } from 'vitest'
import type { Client, ClientCourt } from '../../src/clients/client.ts'
import { cancelLabel, startAddress, wayBackTo } from '../../src/clients/way-back.ts'

const redirect_uris = ['https://ecf.ncwd.uscourts.gov/signed-in?from=cso']
const court = { name: 'Western District of North Carolina' } as ClientCourt
const application = (kind: Client['kind'], courts: ClientCourt[] = []) => ({
  kind,
  name: 'Docket Filer',
  courts,
  metadata: { redirect_uris },
})

describe('a person begins at an application', () => {
  test.each([
    [
      'where it says that a sign-in starts',
      { initiate_login_uri: 'https://a.gov/start', client_uri: 'https://a.gov/' },
      'https://a.gov/start',
    ],
    ['else at its home page', { client_uri: 'https://a.gov/' }, 'https://a.gov/'],
    ['else at the website that takes the answers', {}, 'https://ecf.ncwd.uscourts.gov'],
  ])('%s', (_, metadata, address) => {
    expect(startAddress({ redirect_uris, ...metadata })).toBe(address)
  })

  test('nowhere, where nothing is registered', () => {
    expect(startAddress({})).toBeUndefined()
  })
})

describe('the way back', () => {
  test('into a court’s own application is named after the court', () => {
    expect(wayBackTo(application('court', [court]))).toEqual({
      name: court.name,
      place: 'the court',
      url: 'https://ecf.ncwd.uscourts.gov',
    })
  })

  test.each(['vendor', 'national'] as const)(
    'into %s software is named after the software, however many courts it acts for',
    (kind) => {
      const client = application(kind, [court])
      expect(wayBackTo(client)).toMatchObject({ name: 'Docket Filer', place: 'Docket Filer' })
      expect(cancelLabel(client)).toBe('Cancel and go back to Docket Filer')
    },
  )

  test('leads nowhere from our own pages, and from a request of nobody', () => {
    expect(wayBackTo(application('portal'))).toBeUndefined()
    expect(wayBackTo(undefined)).toBeUndefined()
    expect(cancelLabel(application('portal'))).toBe('Cancel')
  })
})
