/**
 * The PACER Service Center, which helps with accounts, usernames and passwords.
 * Source: https://pacer.uscourts.gov/contact-us
 */
export const helpLine = {
  phone: '(800) 676-6856',
  call: 'tel:+18006766856',
  mail: 'pacer@psc.uscourts.gov',
  write: 'mailto:pacer@psc.uscourts.gov',
  hours: 'Monday to Friday, 8 a.m. to 6 p.m. Central time',
} as const
